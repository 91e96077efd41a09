// Filters: what they are used on and their arguments.

#include "templates/checker.hpp"

#include "settings/problem.hpp"
#include "settings/scalars.hpp"

#include <algorithm>

namespace posthorn::templates {

namespace {

using syntax::literal_kind;

// Does ICU do this call?
bool needs_formatter(const filter_call& call) {
    switch (call.filter) {
    case filter::money:
        return call.word != "plain";
    case filter::number:
    case filter::date:
    case filter::time:
    case filter::plural:
    case filter::truncate:
    case filter::upper:
    case filter::lower:
        return true;
    default:
        return false;
    }
}

std::string cache_key_of(const filter_call& call, const std::string& language, const zone& local) {
    std::string key = language;
    const auto add = [&](std::string_view part) { (key += '\0') += part; };
    add(std::to_string(static_cast<int>(call.filter)));
    add(call.word);
    add(std::to_string(call.count));
    add(call.currency);
    add(std::to_string(call.minor_digits));
    if (call.filter == filter::date || call.filter == filter::time)
        add(call.input == kind::date ? "" : local.name());
    for (const auto& [category, form] : call.forms) {
        add(category);
        add(form);
    }
    return key;
}

std::string listed(std::span<const kind> kinds) {
    std::string out;
    for (const auto k : kinds)
        out += (out.empty() ? "" : " or ") + shown(k);
    return out;
}

} // namespace

std::optional<typed> checker::check_filter(const syntax::expression& e) {
    const auto* description = find_filter(e.name);
    if (description == nullptr) {
        std::vector<std::string_view> known;
        for (const auto& d : filters())
            known.push_back(d.name);
        fail(e.offset, "unknown filter '" + e.name + "'" + settings::did_you_mean(e.name, known));
        return std::nullopt;
    }
    if (description->filter == filter::fall_back)
        return check_default(e);
    auto input = check_value(e.operands.front());
    if (!input || !check_input(e, *description, *input))
        return std::nullopt;
    typed made;
    made.kind = description->gives;
    made.code.what = operation::filter;
    auto& call = made.code.call;
    call.filter = description->filter;
    call.input = input->kind;
    if (input->kind == kind::money) {
        call.currency = input->shape->currency;
        call.minor_digits = input->shape->minor_digits;
    }
    if (!read_argument(e, *description, call) || !check_formatter(e, call))
        return std::nullopt;
    call.cache_key = cache_key_of(call, language_, local_);
    made.code.operands.push_back(std::move(input->code));
    return made;
}

// The one filter that may be used on what is missing.
std::optional<typed> checker::check_default(const syntax::expression& e) {
    const auto& operand = e.operands.front();
    if (operand.form != syntax::form::path) {
        fail(e.offset, "default stands right after the field: {{ field | default(...) | ... }}");
        return std::nullopt;
    }
    auto found = resolve(operand);
    if (!found)
        return std::nullopt;
    if (e.arguments.size() != 1 || !e.arguments.front().name.empty()) {
        fail(e.offset, "default takes one value: default(\"..\")");
        return std::nullopt;
    }
    const auto& argument = e.arguments.front();
    auto otherwise = convert(argument.value, found->value, argument.offset);
    if (!otherwise)
        return std::nullopt;
    typed made;
    made.kind = found->value.kind;
    made.shape = found->value.shape;
    made.code.what = operation::fall_back;
    made.code.operands.push_back(std::move(found->value.code));
    made.code.operands.push_back(std::move(*otherwise));
    return made;
}

bool checker::check_input(const syntax::expression& e, const filter_description& d,
                          const typed& input) {
    if (std::find(d.takes.begin(), d.takes.end(), input.kind) != d.takes.end())
        return true;
    const auto& operand = e.operands.front();
    const auto what = operand.form == syntax::form::path ? "'" + shown(operand.path) + "'" : "this";
    fail(e.offset, "'" + e.name + "' is for " + listed(d.takes) + ", but " + what + " is " +
                       shown(input.kind));
    return false;
}

bool checker::read_argument(const syntax::expression& e, const filter_description& d,
                            filter_call& call) {
    if (d.filter == filter::plural)
        return read_forms(e, call);
    if (e.arguments.empty()) {
        if (d.argument_required)
            fail(e.offset,
                 "'" + e.name + "' needs its " + std::string(d.argument) + ": " + e.name + "(10)");
        return !d.argument_required;
    }
    const auto& argument = e.arguments.front();
    if (d.argument.empty()) {
        fail(argument.offset, "'" + e.name + "' takes no argument");
        return false;
    }
    if (e.arguments.size() > 1 || (!argument.name.empty() && argument.name != d.argument)) {
        fail(argument.offset, "'" + e.name + "' takes one argument, " + std::string(d.argument));
        return false;
    }
    if (d.argument != "style")
        return read_count(argument, d, call);
    if (argument.value.kind != literal_kind::text || argument.value.text.empty()) {
        fail(argument.offset, "the style of '" + e.name + "' is a quoted word");
        return false;
    }
    call.word = argument.value.text;
    return true;
}

bool checker::read_count(const syntax::argument& a, const filter_description& d,
                         filter_call& call) {
    constexpr std::int64_t most = 10'000;
    const std::int64_t least = d.filter == filter::truncate ? 3 : d.filter == filter::last ? 1 : 0;
    const auto count = a.value.kind == literal_kind::integer
                           ? settings::parse_integer(a.value.text)
                           : posthorn::result<std::int64_t>(refuse("not a number"));
    if (!count || *count < least || *count > most) {
        fail(a.offset, "the " + std::string(d.argument) + " of '" + std::string(d.name) +
                           "' is a whole number from " + std::to_string(least) + ", not '" +
                           a.value.text + "'");
        return false;
    }
    call.count = *count;
    return true;
}

// plural("one=# bill", "other=# bills") or plural(one="# bill", other="# bills")
bool checker::read_forms(const syntax::expression& e, filter_call& call) {
    for (const auto& a : e.arguments) {
        auto name = a.name;
        auto form = a.value.text;
        const auto sign = form.find('=');
        if (name.empty() && sign != std::string::npos) {
            name = form.substr(0, sign);
            form = form.substr(sign + 1);
        }
        const bool twice = std::any_of(call.forms.begin(), call.forms.end(),
                                       [&](const auto& f) { return f.first == name; });
        if (a.value.kind != literal_kind::text || name.empty() || twice) {
            fail(a.offset,
                 twice ? "the plural form '" + name + "' is given twice"
                       : "a plural form looks like \"other=# bills\", not '" + a.value.text + "'");
            return false;
        }
        call.forms.emplace_back(std::move(name), std::move(form));
    }
    return true;
}

bool checker::check_formatter(const syntax::expression& e, const filter_call& call) {
    if (!needs_formatter(call))
        return true;
    const auto made = make_formatter(call, language_, local_);
    if (!made)
        fail(e.offset, made.error().reason);
    return made.has_value();
}

} // namespace posthorn::templates
