#include "subscriptions/entitlement.hpp"

#include <algorithm>

namespace posthorn::subscriptions {

namespace {

using topics::person_field;

// Its own first, then those of the accounts it is bound to; each once.
std::vector<std::string> values_of(const store::person& who, person_field which) {
    std::vector<std::string> out;
    const auto add = [&](const std::string& value) {
        if (!value.empty() && std::ranges::find(out, value) == out.end())
            out.push_back(value);
    };
    if (which == person_field::role) {
        add(who.role);
        return out;
    }
    const bool area = which == person_field::area;
    add(area ? who.area : who.tier);
    for (const auto& a : who.accounts)
        add(area ? a.area : a.tier);
    return out;
}

std::string listed(const std::vector<std::string>& all) {
    std::string out;
    for (const auto& one : all)
        out += (out.empty() ? "" : ", ") + one;
    return out;
}

std::string lack_of(const store::person& who, person_field which,
                    const std::vector<std::string>& wanted) {
    const auto has = values_of(who, which);
    if (wanted.empty() || std::ranges::find_first_of(has, wanted) != has.end())
        return {};
    const std::string field(name_of(which));
    return "it is for the " + field + " " + listed(wanted) + ", and " +
           (has.empty() ? "the number has none" : "the number has " + listed(has));
}

// All but the parameter.
std::string lack_of_standing(const topics::topic& of, const store::person& who) {
    const auto& e = of.entitled;
    if (e.registered && !who.known && who.accounts.empty())
        return "it is for registered numbers: this one is not known, and bound to no account";
    for (const auto& [field, wanted] :
         {std::pair{person_field::role, &e.roles}, std::pair{person_field::tier, &e.tiers},
          std::pair{person_field::area, &e.areas}})
        if (auto why = lack_of(who, field, *wanted); !why.empty())
            return why;
    return {};
}

} // namespace

std::vector<std::string> own_parameters(const topics::topic& of, const store::person& who) {
    std::vector<std::string> out;
    if (!of.takes || !of.takes->from)
        return out;
    for (const auto& value : values_of(who, *of.takes->from))
        if (auto key = topics::parameter_key(value);
            !key.empty() && std::ranges::find(out, key) == out.end())
            out.push_back(std::move(key));
    return out;
}

std::string refusal_of(const topics::topic& of, const store::person& who,
                       std::string_view parameter) {
    if (auto why = lack_of_standing(of, who); !why.empty() || !of.entitled.own_parameter)
        return why;
    const auto own = own_parameters(of, who);
    if (std::ranges::find(own, parameter) != own.end())
        return {};
    return "'" + std::string(parameter) +
           "' is not of this number, and the topic is for one's own " + of.takes->name +
           (own.empty() ? "" : ": " + listed(own));
}

bool may_have(const topics::topic& of, const store::person& who) {
    return lack_of_standing(of, who).empty() &&
           (!of.entitled.own_parameter || !own_parameters(of, who).empty());
}

} // namespace posthorn::subscriptions
