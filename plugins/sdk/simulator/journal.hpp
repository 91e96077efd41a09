// The record of what passed, one line of JSON each, for whoever balances the books afterwards:
//
//     {"t":…,"ev":"submit","system_id":…,"seq":…,"source":…,"dest":…,"esm_class":…,
//      "data_coding":…,"registered":…,"sm":HEX,"tlvs":HEX,"status":0,"id":…,"repeat":false}
//     {"t":…,"ev":"sent"|"answered"|"lost","kind":"receipt"|"mo","n":…,"id":…,"seq":…,"status":0}
//
// `t` is microseconds since 1970 UTC. minimal: `h`, a hash of the text, for source … tlvs. The words are
// SMPP's in every protocol; an id of octets is written as HEX.
// Buffered up to 64 KiB; the owner calls flush() at least every 100 ms and at the end.
#pragma once

#include "sdk/simulator/json.hpp"
#include "sdk/simulator/submitted.hpp"

#include <cstdint>
#include <string>
#include <string_view>

namespace posthorn::simulator {

class journal {
public:
    /// An empty path keeps no journal. Throws std::system_error when the file cannot be opened.
    journal(const std::string& path, bool minimal, bool binary_ids);
    ~journal();
    journal(const journal&) = delete;
    journal& operator=(const journal&) = delete;

    bool on() const { return file_ >= 0; }

    struct submit_line {
        std::int64_t at_us = 0;
        std::string_view system_id;
        std::uint32_t sequence = 0;
        const submitted* text = nullptr;
        std::uint32_t status = 0;
        std::string_view id;
        bool repeat = false;
        std::uint64_t hash = 0;
    };
    void submit(const submit_line& line);
    /// event: sent, answered, lost (the link went before the answer; it will be sent again).
    void delivered(std::int64_t at_us, std::string_view event, const delivery& item,
                   std::uint32_t sequence, std::uint32_t status);

    /// Throws std::system_error when the file cannot be written: an incomplete record is worse
    /// than none.
    void flush();

private:
    void id(json_line& json, std::string_view octets) const;
    void end_line();

    int file_ = -1;
    bool minimal_, binary_ids_;
    std::string buffer_;
};

} // namespace posthorn::simulator
