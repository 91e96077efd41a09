#include "api/consent_shape.hpp"

#include "api/shapes.hpp"

#include <boost/json/array.hpp>

namespace posthorn::api {

namespace {

using boost::json::array;
using boost::json::object;

object entry_shape(const store::consent_entry& e) {
    object out{{"entry", std::to_string(e.id)},
               {"at", rfc3339(e.said.at)},
               {"what", e.said.out ? "out" : "in"},
               {"category", category_or_all(e.said.which)},
               {"how", name_of(e.said.how)}};
    if (e.said.inbound != 0)
        out["inbound"] = std::to_string(e.said.inbound);
    for (const auto& [name, text] :
         {std::pair{"who", &e.said.who}, std::pair{"words", &e.said.words},
          std::pair{"reason", &e.said.reason}})
        if (!text->empty())
            out[name] = *text;
    return out;
}

array out_of(const std::vector<store::consent_entry>& entries) {
    array out;
    for (std::size_t i = 0; i < category_names.size(); ++i)
        for (const auto& e : entries)
            if (e.in_force.has(static_cast<category>(i)))
                out.push_back(
                    object{{"category", category_names[i]}, {"entry", std::to_string(e.id)}});
    return out;
}

} // namespace

object consent_shape(const std::string& number, const std::vector<store::consent_entry>& entries) {
    array ledger;
    for (const auto& e : entries)
        ledger.push_back(entry_shape(e));
    object out{{"number", number}, {"out_of", out_of(entries)}};
    out["ledger"] = std::move(ledger);
    return out;
}

} // namespace posthorn::api
