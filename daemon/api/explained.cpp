#include "api/explained.hpp"

#include "api/consent_shape.hpp"
#include "api/shapes.hpp"

#include <boost/json/array.hpp>

namespace posthorn::api {

namespace {

using boost::json::array;
using boost::json::object;

array moments_shape(const std::vector<ledger::moment>& moments) {
    array out;
    for (const auto& m : moments) {
        auto& row = out.emplace_back(object{{"at", rfc3339(m.at)}, {"what", m.what}}).get_object();
        if (m.message != 0)
            row["message"] = std::to_string(m.message);
        if (!m.why.empty())
            row["why"] = m.why;
    }
    return out;
}

} // namespace

object explained_shape(const explained& all, const ledger::standing& now) {
    array events;
    for (const auto& e : all.events) {
        auto& row = events.emplace_back(story_shape(e.story, &now)).get_object();
        row["moments"] = moments_shape(e.moments);
    }
    object out;
    out["events"] = std::move(events);
    if (all.number.empty() ||
        (!all.events.empty() && all.consents.empty() && all.messages.empty())) // an id or a key
        return out;
    auto number = consent_shape(all.number, all.consents);
    array messages;
    for (const auto& m : all.messages)
        messages.push_back(found_shape(m));
    number["messages"] = std::move(messages);
    out["number"] = std::move(number);
    return out;
}

} // namespace posthorn::api
