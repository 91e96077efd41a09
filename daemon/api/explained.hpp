// What an id, a key or a number came to, as JSON.
#pragma once

#include "ledger/life.hpp"
#include "store/search.hpp"

#include <boost/json/object.hpp>

#include <string>
#include <vector>

namespace posthorn::api {

struct explained_event {
    std::vector<ledger::moment> moments;
    store::event_story story;
};

struct explained {
    std::vector<explained_event> events;
    std::string number;                           // E.164 without '+'; empty: it was no number
    std::vector<store::consent_entry> consents{}; // of the number
    std::vector<store::search_row> messages{};    // to it, the newest first
};

boost::json::object explained_shape(const explained& all, const ledger::standing& now);

} // namespace posthorn::api
