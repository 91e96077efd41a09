#include "templates/written_wording.hpp"

#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>

namespace posthorn::templates {

namespace json = boost::json;

std::string written_of(const event_type& type) {
    json::object all;
    auto& texts = (all["texts"] = json::object()).get_object();
    for (const auto& t : type.texts)
        texts[t.language] = t.signature + t.written;
    auto& emails = (all["emails"] = json::object()).get_object();
    for (const auto& e : type.emails) {
        auto& one = (emails[e.language] = json::object()).get_object();
        for (const auto& [name, piece] : {std::pair{"subject", &e.subject},
                                          std::pair{"plain", &e.plain}, std::pair{"html", &e.html}})
            if (piece->code != nullptr)
                one[name] = piece->written;
    }
    return json::serialize(all);
}

} // namespace posthorn::templates
