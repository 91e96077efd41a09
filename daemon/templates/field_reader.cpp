#include "templates/field_reader.hpp"

#include "settings/scalars.hpp"
#include "templates/icu_text.hpp"

#include <unicode/ucurr.h>

#include <boost/json/array.hpp>

#include <algorithm>
#include <array>

namespace posthorn::templates {

namespace {

namespace json = boost::json;

constexpr std::array<std::string_view, 10> reserved{"loop", "and",   "or", "not", "in",
                                                    "true", "false", "if", "for", "else"};

// ICU's digits of a currency; -1 if there is no such currency.
int minor_digits_of(const std::string& currency) {
    const bool shaped =
        currency.size() == 3 &&
        std::all_of(currency.begin(), currency.end(), [](char c) { return c >= 'A' && c <= 'Z'; });
    if (!shaped)
        return -1;
    auto code = to_icu(currency);
    UErrorCode status = U_ZERO_ERROR;
    // Every code has a name in ICU; one that is only its own code is none.
    int32_t length = 0;
    const auto* name = ucurr_getName(icu::toUCharPtr(code.getTerminatedBuffer()), "en",
                                     UCURR_LONG_NAME, nullptr, &length, &status);
    if (U_FAILURE(status) || icu::UnicodeString(name, length) == code)
        return -1;
    return ucurr_getDefaultFractionDigits(icu::toUCharPtr(code.getTerminatedBuffer()), &status);
}

void read_money(settings::reader& map, field& f) {
    f.currency = map.text("currency");
    const auto digits = f.currency.empty() ? 2 : minor_digits_of(f.currency);
    if (digits < 0)
        map.fail("currency", "must be an ISO 4217 code like CNY, is '" + f.currency + "'");
    f.minor_digits = static_cast<int>(map.integer("minor_digits", {0, 4}, std::max(digits, 0)));
    f.in = map.choice("in", money_form_names, money_form::decimal);
}

field read_field(settings::reader map, std::string name) {
    field f;
    f.name = std::move(name);
    f.kind = map.choice<kind>("kind", kind_names);
    f.required = map.flag("required", true);
    switch (f.kind) {
    case kind::money:
        read_money(map, f);
        break;
    case kind::choice:
        f.choices = map.texts("choices");
        if (f.choices.empty() && map.kind("choices") == settings::node_kind::list)
            map.fail("choices", "names no choice");
        break;
    case kind::object: {
        auto inner = map.map("fields");
        f.fields = read_fields(inner);
        break;
    }
    case kind::list:
        f.of.push_back(read_field(map.map("of"), "item"));
        break;
    default:
        break;
    }
    return f;
}

json::value sample_value(settings::reader& map, const field& f, std::string_view key);

json::value sample_number(const std::string& written) {
    const auto number = settings::parse_integer(written);
    return number ? json::value(*number) : json::value(written);
}

json::value sample_flag(const std::string& written) {
    const auto flag = settings::parse_flag(written);
    return flag ? json::value(*flag) : json::value(written);
}

json::value sample_scalar(const std::string& written, const field& f) {
    if (f.kind == kind::integer || (f.kind == kind::money && f.in == money_form::minor))
        return sample_number(written);
    return f.kind == kind::boolean ? sample_flag(written) : json::value(written);
}

json::value sample_value(settings::reader& map, const field& f, std::string_view key) {
    if (f.kind == kind::object) {
        auto inner = map.map(key);
        return read_sample(inner, f.fields);
    }
    if (f.kind != kind::list)
        return sample_scalar(map.text(key), f);
    json::array items;
    const auto& item = f.of.front();
    if (item.kind == kind::object) {
        for (auto& inner : map.maps(key))
            items.push_back(read_sample(inner, item.fields));
    } else {
        for (const auto& written : map.texts(key))
            items.push_back(sample_scalar(written, item));
    }
    return items;
}

} // namespace

bool is_field_name(std::string_view name) {
    const auto letter = [](char c) { return (c >= 'a' && c <= 'z') || c == '_'; };
    return !name.empty() && letter(name[0]) && std::all_of(name.begin(), name.end(), [&](char c) {
        return letter(c) || (c >= '0' && c <= '9');
    }) && std::find(reserved.begin(), reserved.end(), name) == reserved.end();
}

std::vector<field> read_fields(settings::reader& map) {
    std::vector<field> fields;
    for (auto& name : map.keys()) {
        if (!is_field_name(name))
            map.fail(name, "is no name for a field: use a-z, 0-9 and _");
        fields.push_back(read_field(map.map(name), name));
    }
    return fields;
}

json::object read_sample(settings::reader& map, const std::vector<field>& fields) {
    json::object sample;
    for (const auto& f : fields)
        if (map.has(f.name))
            sample[f.name] = sample_value(map, f, f.name);
    return sample;
}

} // namespace posthorn::templates
