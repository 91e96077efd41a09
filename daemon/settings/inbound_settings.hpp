// `inbound:` of posthorn.yaml: texts from phones.
#pragma once

#include "settings/reader.hpp"

#include <map>
#include <string>
#include <vector>

namespace posthorn::settings {

using text_by_language = std::map<std::string, std::string>;

// Whatever is texted to this number of ours belongs to a source.
struct destination_settings {
    std::string number;  // digits
    bool begins = false; // all numbers that begin so
    std::string source;
    text_by_language acknowledge; // what the phone is told; empty: what the source says

    bool operator==(const destination_settings&) const = default;
};

struct inbound_settings {
    duration join_within = std::chrono::minutes(10);  // for the other parts of a long text
    duration question_for = std::chrono::minutes(10); // an answer to a question is waited for
    duration patience = std::chrono::seconds(3);      // what takes longer is "being handled" first
    unsigned per_minute = 10;                         // of one phone; what is more is not answered
    unsigned per_hour = 60;
    unsigned nuisance_after = 5;                    // times beyond these within a day; 0: never
    duration nuisance_for = std::chrono::hours(24); // so long it is not answered then
    unsigned per_second = 2'000;      // of all phones together; what is more waits; 0: no limit
    std::vector<std::string> blocked; // numbers as sources write them: never answered
    std::vector<destination_settings> destinations;
    // Digits that may follow an account's sender: a question is asked from such a number.
    std::vector<std::string> question_extensions;

    bool operator==(const inbound_settings&) const = default;
};

inbound_settings read_inbound(reader map); // void: the defaults
text_by_language read_acknowledge(reader map, std::string_view key);

} // namespace posthorn::settings
