// What an account's carrier does with ids and references, learned from the first answers and
// receipts: one base in answers and another in receipts, zeros in front, our reference repeated.
//
//     answer: id, phone ──► a sample ──► receipt: the id as it is? in another base? of that phone?
//
// An id is read in another base only when it meets no id as it is, meets one that way, and the
// phone is the same; or when this was so for nearly all of the first receipts, of this start or of the last.
#pragma once

#include "sdk/adapter.hpp"
#include "smpp/adapter/configuration.hpp"

#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

namespace posthorn::smpp {

// The last digits of a number, however its beginning is written.
std::uint64_t phone_tail(std::string_view number);

class habits {
public:
    habits(sdk::host& host, const configuration& settings);

    // Whether answers and receipts are still of interest.
    bool watching() const { return !decided_; }
    void answered(std::string_view id, std::uint64_t phone, std::uint16_t reference);
    void arrived(const sdk::receipt& r);

    // As sdk::adapter::match_key: of an answer always the same.
    std::string key(std::string_view ref, bool from_receipt) const;
    std::vector<std::pair<std::string, std::string>> learned() const;

private:
    // How a receipt's id is turned into the answer's.
    enum class reading : std::uint8_t { as_is, decimal_to_hex, hex_to_decimal };
    enum class how_often : std::uint8_t { never, sometimes, always };
    struct sent {
        std::uint64_t phone = 0;
        std::uint16_t reference = 0;
        std::uint8_t size = 0; // of the id as it was written
    };

    static std::string key_by(std::string_view ref, reading how);
    const sent* find(std::string_view ref, reading how, const sdk::receipt& r) const;
    void count(const sent& known, reading how, const sdk::receipt& r);
    void decide();
    void turn(const std::string& ref, reading how);
    void remember();
    std::string of_what() const;
    sdk::host& host_;
    const configuration& settings_;
    void thin_out();

    std::unordered_map<std::string, sent> sample_;    // by the answer's key
    std::vector<std::string> order_;                  // oldest first
    std::uint64_t answers_ = 0, every_ = 1;           // every so many of them is in the sample
    std::unordered_map<std::string, reading> turned_; // receipts' ids that met one in another base
    std::array<unsigned, 3> met_{};                   // by reading
    unsigned padded_ = 0, echoed_ = 0;
    reading reading_ = reading::as_is;
    how_often pads_ = how_often::never, echoes_ = how_often::never;
    bool decided_ = false, has_met_ = false;
    bool recalled_ = false; // reading_ is of an earlier start: what is seen now counts more
};

} // namespace posthorn::smpp
