// What becomes of a text, decided by its destination alone so that a test can predict it.
//
// In this order: the longest suffix of --refuse or --outcome that ends the number; else the shares
// of --outcomes, where a hash of number and --seed picks the place.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace posthorn::simulator {

enum class outcome : std::uint8_t {
    delivered,
    undelivered,
    expired,
    rejected,
    deleted,
    unknown,
    accepted, ///< not the last word, nor is enroute
    enroute,
    none, ///< taken, but no receipt ever
};

/// Nothing comes after it.
constexpr bool is_final(outcome of) noexcept { return of < outcome::accepted; }

/// DELIVRD: the seven letters of a report in China.
std::string_view stat_of(outcome of) noexcept;

struct fate {
    std::uint32_t refused = 0; // other than 0: the answer to the submit
    simulator::outcome outcome = simulator::outcome::delivered;
};

/// How a protocol writes the status of an answer; 0: that is none.
using status_reader = std::uint32_t (*)(std::string_view text);
/// `0x0B`, `11`.
std::uint32_t status_in_digits(std::string_view text);

class outcomes {
public:
    explicit outcomes(std::uint64_t seed, status_reader status = status_in_digits)
        : seed_(seed), status_(status) {}

    /// `delivered=95,undelivered=3,expired=2`: shares of any sum. Returns what is wrong.
    std::optional<std::string> set_shares(std::string_view text);
    /// `0001=undelivered`: numbers that end so. `none` means no receipt.
    std::optional<std::string> add_suffix(std::string_view text);
    /// `0009=0x0B`: numbers that end so get this answer.
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
    status_reader status_;
    std::vector<rule> rules_; // longest suffix first
    std::vector<share> shares_;
    std::uint64_t total_ = 0;
};

/// 64-bit FNV-1a over the octets, started from `seed`: the rule behind --outcomes.
std::uint64_t spread(std::string_view octets, std::uint64_t seed) noexcept;

} // namespace posthorn::simulator
