// Names, literals and their kinds.

#include "templates/calendar.hpp"
#include "templates/checker.hpp"
#include "templates/decimal.hpp"

#include "settings/problem.hpp"

#include <algorithm>
#include <array>

namespace posthorn::templates {

namespace {

constexpr std::array<std::string_view, 3> loop_names{"first", "last", "index"};

std::vector<std::string_view> names_of(const std::vector<field>& fields) {
    std::vector<std::string_view> names;
    for (const auto& f : fields)
        names.push_back(f.name);
    return names;
}

std::string listed(const std::vector<std::string_view>& names) {
    std::string out;
    for (const auto name : names)
        out += (out.empty() ? "" : ", ") + std::string(name);
    return out;
}

std::optional<std::size_t> place_of(const std::vector<field>& fields, std::string_view name) {
    const auto found =
        std::find_if(fields.begin(), fields.end(), [&](const field& f) { return f.name == name; });
    if (found == fields.end())
        return std::nullopt;
    return static_cast<std::size_t>(found - fields.begin());
}

expression constant_of(scalar value, std::string text = {}) {
    expression made;
    made.constant = value;
    made.constant.present = true;
    made.text = std::move(text);
    return made;
}

using syntax::literal_kind;
using converted = posthorn::result<expression>; // the reason completes "'x' is not a date"

converted number_of(const posthorn::result<std::int64_t>& number, kind k, std::uint8_t scale = 0) {
    if (!number)
        return refuse(": " + number.error().reason);
    scalar value;
    value.kind = k;
    value.number = *number;
    value.scale = scale;
    return constant_of(value);
}

converted text_literal(const syntax::literal& l, const typed& like) {
    if (l.kind != literal_kind::text)
        return refuse(" (put it in quotes)");
    if (like.kind == kind::choice) {
        const std::vector<std::string_view> known(like.shape->choices.begin(),
                                                  like.shape->choices.end());
        if (std::find(known.begin(), known.end(), l.text) == known.end())
            return refuse(" of this field" + settings::did_you_mean(l.text, known));
    }
    scalar value;
    value.kind = like.kind;
    return constant_of(value, l.text);
}

converted number_literal(const syntax::literal& l, const typed& like) {
    const bool whole = l.kind == literal_kind::integer;
    if (!whole && (l.kind != literal_kind::decimal || like.kind == kind::integer))
        return refuse("");
    const auto digits = parse_decimal(l.text);
    if (!digits)
        return refuse(": " + digits.error().reason);
    if (like.kind != kind::money)
        return number_of(digits->digits, like.kind, digits->scale);
    const auto scale = static_cast<std::uint8_t>(like.shape->minor_digits);
    return number_of(rescale(*digits, scale), like.kind, scale);
}

converted converted_literal(const syntax::literal& l, const typed& like, const zone& local) {
    const bool is_text = l.kind == literal_kind::text;
    switch (like.kind) {
    case kind::text:
    case kind::choice:
    case kind::number:
        return text_literal(l, like);
    case kind::integer:
    case kind::decimal:
    case kind::money:
        return number_literal(l, like);
    case kind::date:
        return is_text ? number_of(parse_date(l.text), kind::date) : converted(refuse(""));
    case kind::time:
        return is_text ? number_of(parse_time(l.text, local), kind::time) : converted(refuse(""));
    case kind::boolean:
        return l.kind == literal_kind::boolean
                   ? number_of(std::int64_t{l.text == "true"}, kind::boolean)
                   : converted(refuse(""));
    default:
        return refuse("");
    }
}

} // namespace

std::string shown(kind k) {
    switch (k) {
    case kind::integer:
    case kind::object:
        return "an " + std::string(name_of(k));
    case kind::money:
        return "money";
    default:
        return "a " + std::string(name_of(k));
    }
}

std::string shown(const std::vector<std::string>& path) {
    std::string out;
    for (const auto& name : path)
        out += (out.empty() ? "" : ".") + name;
    return out;
}

std::optional<typed> checker::check_value(const syntax::expression& e) {
    if (e.form == syntax::form::filter)
        return check_filter(e);
    if (e.form == syntax::form::path) {
        auto found = resolve(e);
        if (!found)
            return std::nullopt;
        if (!guarded(found->optional_keys)) {
            fail(e.offset, "'" + shown(e.path) + "' may be missing: use default(...) or {% if " +
                               shown(e.path) + " %}");
            return std::nullopt;
        }
        return std::move(found->value);
    }
    if (e.form != syntax::form::constant) {
        fail(e.offset, "a condition is no value: use {% if %}");
        return std::nullopt;
    }
    typed made;
    made.constant = &e.constant;
    made.kind = e.constant.kind == syntax::literal_kind::text      ? kind::text
                : e.constant.kind == syntax::literal_kind::integer ? kind::integer
                : e.constant.kind == syntax::literal_kind::decimal ? kind::decimal
                                                                   : kind::boolean;
    auto code = convert(e.constant, made, e.offset);
    if (!code)
        return std::nullopt;
    made.code = std::move(*code);
    return made;
}

bool checker::guarded(const std::vector<std::string>& keys) const {
    return std::all_of(keys.begin(), keys.end(), [this](const std::string& key) {
        return std::find(guards_.begin(), guards_.end(), key) != guards_.end();
    });
}

std::vector<std::string_view> checker::names_in_scope() const {
    auto names = names_of(fields_);
    for (const auto& l : loops_)
        names.push_back(l.item);
    if (!loops_.empty())
        names.push_back("loop");
    return names;
}

// What the first name of a path means: the item of a loop around it, or a field of the event.
const field* checker::start_of(const syntax::expression& e, expression& code) {
    const auto& name = e.path.front();
    for (auto i = loops_.size(); i-- > 0;)
        if (loops_[i].item == name) {
            code.frame = i + 1;
            return loops_[i].shape;
        }
    if (const auto i = place_of(fields_, name)) {
        code.path.push_back(*i);
        return &fields_[*i];
    }
    const auto known = names_in_scope();
    const auto hint = settings::did_you_mean(name, known);
    fail(e.offset,
         "unknown field '" + name + "'" + (hint.empty() ? "; there are: " + listed(known) : hint));
    return nullptr;
}

std::optional<checker::place> checker::resolve(const syntax::expression& e) {
    if (e.path.front() == "loop" && !loops_.empty())
        return resolve_loop(e);
    place made;
    auto& code = made.value.code;
    code.what = operation::path;
    code.text = shown(e.path);
    const auto* at = start_of(e, code);
    if (at == nullptr)
        return std::nullopt;
    auto key = std::to_string(code.frame) + ":" + e.path.front();
    for (std::size_t i = 1;; ++i) {
        if (!at->required)
            made.optional_keys.push_back(key);
        if (i == e.path.size())
            break;
        const auto& name = e.path[i];
        if (at->kind != kind::object) {
            fail(e.offset, "'" + e.path[i - 1] + "' is " + shown(at->kind) + " and has no field '" +
                               name + "'");
            return std::nullopt;
        }
        const auto next = place_of(at->fields, name);
        if (!next) {
            fail(e.offset, "'" + e.path[i - 1] + "' has no field '" + name + "'" +
                               settings::did_you_mean(name, names_of(at->fields)));
            return std::nullopt;
        }
        code.path.push_back(*next);
        at = &at->fields[*next];
        key += "." + name;
    }
    made.value.kind = at->kind;
    made.value.shape = at;
    return made;
}

std::optional<checker::place> checker::resolve_loop(const syntax::expression& e) {
    place made;
    made.value.code.frame = loops_.size();
    made.value.code.text = shown(e.path);
    const auto name = e.path.size() == 2 ? std::string_view(e.path[1]) : std::string_view();
    made.value.kind = name == "index" ? kind::integer : kind::boolean;
    if (name == "index")
        made.value.code.what = operation::loop_index;
    else if (name == "first")
        made.value.code.what = operation::loop_first;
    else if (name == "last")
        made.value.code.what = operation::loop_last;
    else {
        fail(e.offset, "'" + shown(e.path) +
                           "' is unknown; a loop has loop.index, loop.first and "
                           "loop.last" +
                           settings::did_you_mean(name, loop_names));
        return std::nullopt;
    }
    return made;
}

// The literal as a value of the kind of `like`, for comparing with it or standing in for it.
std::optional<expression> checker::convert(const syntax::literal& l, const typed& like,
                                           std::size_t offset) {
    auto made = converted_literal(l, like, local_);
    if (made)
        return std::move(*made);
    fail(offset, "'" + l.text + "' is not " + shown(like.kind) + made.error().reason);
    return std::nullopt;
}

} // namespace posthorn::templates
