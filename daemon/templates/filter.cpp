#include "templates/filter.hpp"

#include "templates/decimal.hpp"
#include "templates/formatters.hpp"

#include <algorithm>
#include <array>
#include <cassert>

namespace posthorn::templates {

namespace {

constexpr std::array money_kinds{kind::money};
constexpr std::array number_kinds{kind::integer, kind::decimal};
constexpr std::array date_kinds{kind::date, kind::time};
constexpr std::array time_kinds{kind::time};
constexpr std::array name_kinds{kind::text};
constexpr std::array masked_kinds{kind::number, kind::text};
constexpr std::array text_kinds{kind::text, kind::choice, kind::number};
constexpr std::array list_kinds{kind::list};

// default takes and gives any kind, plural any number of arguments: the checker knows them.
constexpr std::array<filter_description, 13> descriptions{{
    {filter::money, "money", money_kinds, kind::text, "style", false},
    {filter::number, "number", number_kinds, kind::text, "digits", false},
    {filter::date, "date", date_kinds, kind::text, "style", false},
    {filter::time, "time", time_kinds, kind::text, "style", false},
    {filter::plural, "plural", number_kinds, kind::text, "", false},
    {filter::mask_name, "mask_name", name_kinds, kind::text, "", false},
    {filter::mask_number, "mask_number", masked_kinds, kind::text, "", false},
    {filter::fall_back, "default", {}, kind::text, "value", true},
    {filter::truncate, "truncate", text_kinds, kind::text, "length", true},
    {filter::upper, "upper", text_kinds, kind::text, "", false},
    {filter::lower, "lower", text_kinds, kind::text, "", false},
    {filter::last, "last", text_kinds, kind::text, "count", true},
    {filter::length, "length", list_kinds, kind::integer, "", false},
}};

} // namespace

std::span<const filter_description> filters() { return descriptions; }

const filter_description* find_filter(std::string_view name) {
    const auto found = std::find_if(descriptions.begin(), descriptions.end(),
                                    [&](const auto& d) { return d.name == name; });
    return found == descriptions.end() ? nullptr : &*found;
}

result<std::unique_ptr<formatter>> make_formatter(const filter_call& call,
                                                  const std::string& language, const zone& local) {
    switch (call.filter) {
    case filter::money:
        return make_money(call, language);
    case filter::number:
        return make_number(call, language);
    case filter::plural:
        return make_plural(call, language);
    case filter::date:
    case filter::time:
        return make_date(call, language, local);
    case filter::truncate:
        return make_truncate(call);
    case filter::upper:
    case filter::lower:
        return make_case(call, language);
    default:
        assert(false && "a filter that needs no formatter");
        return refuse("this filter has no formatter");
    }
}

bool append_plainly(const filter_call& call, const scalar& value, std::string& out) {
    switch (call.filter) {
    case filter::money:
        if (call.word != "plain")
            return false;
        append(out, decimal{value.number, value.scale});
        return true;
    case filter::mask_name:
        append_masked_name(value.text, out);
        return true;
    case filter::mask_number:
        append_masked_number(value.text, out);
        return true;
    case filter::last:
        append_last(value.text, call.count, out);
        return true;
    default:
        return false;
    }
}

} // namespace posthorn::templates
