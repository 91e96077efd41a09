#include "api/subscription_shape.hpp"

#include "api/shapes.hpp"
#include "model/hours_text.hpp"

namespace posthorn::api {

namespace {

using boost::json::array;
using boost::json::object;

object shape_of(const subscription& s) {
    object out{
        {"topic", s.topic}, {"number", s.number}, {"paused", s.paused}, {"hours", shown(s.hours)}};
    for (const auto& [name, text] :
         {std::pair{"parameter", &s.parameter}, std::pair{"language", &s.language}})
        if (!text->empty())
            out[name] = *text;
    if (s.expires_at != instant{})
        out["expires_at"] = rfc3339(s.expires_at);
    return out;
}

} // namespace

array subscriptions_shape(const std::vector<subscription>& all) {
    array out;
    for (const auto& s : all)
        out.push_back(shape_of(s));
    return out;
}

} // namespace posthorn::api
