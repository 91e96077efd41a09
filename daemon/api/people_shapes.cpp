#include "api/people_shapes.hpp"

#include "api/shapes.hpp"

#include <boost/json/array.hpp>

namespace posthorn::api {

namespace {

using boost::json::array;
using boost::json::object;

object shape_of(const store::customer_account& a) {
    object out{{"account", a.account}};
    for (const auto& [name, text] :
         {std::pair{"name", &a.name}, std::pair{"area", &a.area}, std::pair{"tier", &a.tier},
          std::pair{"language", &a.language}})
        if (!text->empty())
            out[name] = *text;
    if (a.vulnerable)
        out["vulnerable"] = true;
    return out;
}

array shape_of(const std::vector<store::binding_change>& changes) {
    array out;
    for (const auto& c : changes)
        out.push_back(object{{"at", rfc3339(c.at)},
                             {"what", c.bound ? "bound" : "unbound"},
                             {"number", c.number},
                             {"account", c.account},
                             {"how", store::name_of(c.how)},
                             {"who", c.who},
                             {"reason", c.reason}});
    return out;
}

} // namespace

object person_shape(const store::person& p, const std::vector<store::binding_change>& changes,
                    instant now) {
    object out{{"number", p.number}};
    for (const auto& [name, text] :
         {std::pair{"name", &p.name}, std::pair{"role", &p.role}, std::pair{"tier", &p.tier},
          std::pair{"area", &p.area}, std::pair{"language", &p.language},
          std::pair{"email", &p.email}, std::pair{"channel", &p.channel},
          std::pair{"zone", &p.zone}, std::pair{"hours", &p.hours}})
        if (!text->empty())
            out[name] = *text;
    out["pin"] = !p.pin.empty();
    if (p.locked_until > now)
        out["locked_until"] = rfc3339(p.locked_until);
    array accounts;
    for (const auto& a : p.accounts)
        accounts.push_back(shape_of(a));
    out["accounts"] = std::move(accounts);
    out["changes"] = shape_of(changes);
    return out;
}

object account_shape(const store::account_story& a,
                     const std::vector<store::binding_change>& changes) {
    auto out = shape_of(a.account);
    array numbers;
    for (const auto& n : a.numbers) {
        object one{{"number", n.number},
                   {"how", store::name_of(n.how)},
                   {"who", n.who},
                   {"at", rfc3339(n.at)}};
        if (!n.name.empty())
            one["name"] = n.name;
        if (!n.role.empty())
            one["role"] = n.role;
        numbers.push_back(std::move(one));
    }
    out["numbers"] = std::move(numbers);
    out["code"] = a.has_code;
    out["changes"] = shape_of(changes);
    return out;
}

} // namespace posthorn::api
