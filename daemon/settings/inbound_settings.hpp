// `inbound:` of posthorn.yaml: texts from phones.
#pragma once

#include "settings/reader.hpp"

#include <string>
#include <vector>

namespace posthorn::settings {

struct inbound_settings {
    duration join_within = std::chrono::minutes(10);  // for the other parts of a long text
    duration question_for = std::chrono::minutes(10); // an answer to a question is waited for
    duration patience = std::chrono::seconds(3);      // what takes longer is "being handled" first
    unsigned per_minute = 10;                         // of one phone; what is more is not answered
    unsigned per_hour = 60;
    std::vector<std::string> blocked; // numbers as sources write them: never answered

    bool operator==(const inbound_settings&) const = default;
};

inbound_settings read_inbound(reader map); // void: the defaults

} // namespace posthorn::settings
