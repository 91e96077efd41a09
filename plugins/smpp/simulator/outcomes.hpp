// What becomes of a text, decided by its destination alone so that a test can predict it.
//
// In this order: the longest suffix of --refuse or --outcome that ends the number; else the shares
// of --outcomes, where a hash of number and --seed picks the place.
#pragma once

#include "smpp/codec/receipt.hpp"
#include "smpp/codec/status.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace posthorn::smpp::simulator {

struct fate {
    smpp::status refused = smpp::status::ok; // other than ok: the answer to the submit
    std::optional<message_state> state;      // nothing: taken, but no receipt ever
    std::string_view error = "000";          // err of the receipt
};

class outcomes {
public:
    explicit outcomes(std::uint64_t seed) : seed_(seed) {}

    /// `delivered=95,undelivered=3,expired=2`: shares of any sum. Returns what is wrong.
    std::optional<std::string> set_shares(std::string_view text);
    /// `0001=undelivered`: numbers that end so. `none` means no receipt.
    std::optional<std::string> add_suffix(std::string_view text);
    /// `0009=0x0B`: numbers that end so get this command_status.
    std::optional<std::string> add_refusal(std::string_view text);

    fate of(std::string_view destination) const;

private:
    struct rule {
        std::string suffix;
        fate to;
    };
    struct share {
        std::uint64_t up_to; // of the running sum
        fate to;
    };

    void add(std::string_view suffix, fate to);

    std::uint64_t seed_;
    std::vector<rule> rules_; // longest suffix first
    std::vector<share> shares_;
    std::uint64_t total_ = 0;
};

/// 64-bit FNV-1a over the octets, started from `seed`: the rule behind --outcomes.
std::uint64_t spread(std::string_view octets, std::uint64_t seed) noexcept;

} // namespace posthorn::smpp::simulator
