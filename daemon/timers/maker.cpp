#include "timers/maker.hpp"

#include "model/time_text.hpp"
#include "settings/scalars.hpp"
#include "templates/data.hpp"

#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>

#include <algorithm>

namespace posthorn::timers {

namespace {

namespace json = boost::json;
using namespace std::chrono_literals;
using templates::kind;
using templates::value;

constexpr std::size_t longest_key = 255;

const value* value_of(std::string_view name, const beginning& b, const std::vector<value>& values) {
    const auto& fields = b.shape.fields;
    const auto found = std::ranges::find(fields, name, &templates::field::name);
    if (found == fields.end())
        return nullptr;
    const auto& v = values[static_cast<std::size_t>(found - fields.begin())];
    return v.present ? &v : nullptr;
}

// By the calendar and the clock of the zone.
struct local_time {
    std::chrono::sys_days date;
    duration since_midnight{};
};

std::chrono::sys_days date_of(const value& v, const templates::zone& zone) {
    if (v.kind == kind::date)
        return std::chrono::sys_days(std::chrono::days(v.number));
    return zone.date_at(from_micros(v.number));
}

// The same day of another month, or its last where it has none: 31 January, and a month, is 28 February.
std::chrono::sys_days moved_by(std::chrono::months months, std::chrono::sys_days date) {
    auto day = std::chrono::year_month_day(date) + months;
    if (!day.ok())
        day = day.year() / day.month() / std::chrono::last;
    return day;
}

// Less than so many percent, exactly: a * 100 < b * percent, brought to the same scale.
bool is_below(const value& a, const value& b, int percent) {
    __extension__ using wide = __int128;
    const auto tens = [](int n) {
        wide out = 1;
        for (; n > 0; --n)
            out *= 10;
        return out;
    };
    const int more = b.scale - a.scale;
    const wide left = static_cast<wide>(a.number) * 100 * tens(std::max(more, 0));
    const wide right = static_cast<wide>(b.number) * percent * tens(std::max(-more, 0));
    return left < right;
}

// What was said, as JSON of the field's kind; what does not fit is for the check of the event's data.
json::value as_field(std::string said, const templates::field& f) {
    if (f.kind == kind::integer || (f.kind == kind::money && f.in == templates::money_form::minor))
        if (const auto n = settings::parse_integer(said))
            return *n;
    if (f.kind == kind::boolean)
        if (const auto on = settings::parse_flag(said))
            return *on;
    return json::value(said);
}

} // namespace

std::optional<instant> time_of(const moment& m, const beginning& b,
                               const std::vector<value>& values, instant occurred) {
    const auto& zone = b.shape.zone;
    const auto* v = m.field.empty() ? nullptr : value_of(m.field, b, values);
    if (v == nullptr && !m.field.empty())
        return std::nullopt;
    local_time at;
    if (v != nullptr && v->kind == kind::date) {
        at.date = date_of(*v, zone);
    } else {
        const auto t = v != nullptr ? from_micros(v->number) : occurred;
        if (m.months.count() == 0 && m.days.count() == 0 && !m.clock)
            return t + m.more;
        at = {zone.date_at(t), zone.time_of_day(t)};
    }
    if (m.clock)
        at.since_midnight = *m.clock;
    const auto local = instant(moved_by(m.months, at.date) + m.days) + at.since_midnight;
    return from_micros(zone.to_utc(to_micros(local))) + m.more;
}

std::string key_of(const std::string& began_key, const std::string& type) {
    const auto end = "/" + type;
    if (began_key.size() + end.size() <= longest_key)
        return began_key + end;
    const auto apart = "~" + std::to_string(std::hash<std::string>()(began_key)) + end;
    auto begin = began_key.substr(0, longest_key - apart.size());
    while (!begin.empty() && (begin.back() & 0x80) != 0) // no half of a character
        begin.pop_back();
    return begin + apart;
}

result<std::string> maker::said(const beginning& b, const phrase& p, const json::object& data) {
    const auto& set = b.phrases.find(p.written)->second;
    auto made = renderer_.render(set, set.default_language, data);
    if (!made)
        return refuse("'" + p.written + "': " + made.error().reason);
    return std::move(made->text);
}

result<std::vector<begun>> maker::steps_of(const timer& t, const event& e, instant now) {
    const auto* b = t.begun_by(e.type);
    json::error_code wrong;
    const auto read = json::parse(e.data, wrong);
    if (b == nullptr || wrong || !read.is_object())
        return refuse("its data is no JSON object");
    const auto& data = read.get_object();
    const auto values = templates::read_data(b->shape.fields, data, b->shape.zone);
    if (!values)
        return values.error();
    if (t.when) {
        const auto holds = said(*b, *t.when, data);
        if (!holds)
            return holds.error();
        if (*holds != "yes")
            return std::vector<begun>();
    }
    std::vector<begun> out;
    for (const auto& s : t.steps) {
        if (const auto* at = std::get_if<moment>(&s.due)) {
            const auto due = time_of(*at, *b, *values, happened_at(e));
            if (due && *due + s.validity > now)
                out.push_back({&s, *due, step_rule::at});
            continue;
        }
        const auto& ratio = std::get<below>(s.due);
        const auto* part = value_of(ratio.field, *b, *values);
        const auto* whole = value_of(ratio.of, *b, *values);
        if (part != nullptr && whole != nullptr)
            out.push_back(
                {&s, now,
                 is_below(*part, *whole, ratio.percent) ? step_rule::once : step_rule::again});
    }
    return out;
}

namespace {

// One event on its way.
struct draft {
    const beginning& b;
    const json::object& data; // of the event that began it
    const std::vector<value>& values;
    instant occurred, now;

    std::optional<json::value> copied(const std::string& name) const {
        const auto* v = value_of(name, b, values);
        return v == nullptr ? std::nullopt : std::optional(data.at(name));
    }
    std::optional<json::value> made(const moment& m, const templates::field& f) const {
        const auto t = time_of(m, b, values, occurred);
        if (!t)
            return std::nullopt;
        return json::value(f.kind == kind::date ? iso(b.shape.zone.date_at(*t)) : rfc3339(*t));
    }
    std::optional<json::value> made(const days_since& since) const {
        const auto* v = value_of(since.field, b, values);
        if (v == nullptr)
            return std::nullopt;
        const std::chrono::sys_days today = b.shape.zone.date_at(now);
        return json::value((today - date_of(*v, b.shape.zone)).count());
    }
};

} // namespace

result<event> maker::event_of(const timer& t, const step& s, const event& of, instant due_at,
                              instant now) {
    const auto* b = t.begun_by(of.type);
    if (b == nullptr)
        return refuse("timer '" + t.name + "' does not start with '" + of.type + "' any more");
    json::error_code wrong;
    const auto read = json::parse(of.data, wrong);
    if (wrong || !read.is_object())
        return refuse("the data of the event that began it is no JSON object");
    const auto& data = read.get_object();
    const auto values = templates::read_data(b->shape.fields, data, b->shape.zone);
    if (!values)
        return refuse("the data of the event that began it: " + values.error().reason);
    const draft d{*b, data, *values, happened_at(of), now};
    json::object out;
    for (const auto& f : s.fields) {
        const auto mapped = std::ranges::find(s.data, f.name, &mapping::field);
        std::optional<json::value> made;
        if (mapped == s.data.end()) {
            made = d.copied(f.name);
        } else if (const auto* p = std::get_if<phrase>(&mapped->from)) {
            auto text = said(*b, *p, data);
            if (!text)
                return text.error();
            made = as_field(std::move(*text), f);
        } else if (const auto* m = std::get_if<moment>(&mapped->from)) {
            made = d.made(*m, f);
        } else if (const auto* since = std::get_if<days_since>(&mapped->from)) {
            made = d.made(*since);
        } else {
            made = d.copied(std::get<taken_over>(mapped->from).field);
        }
        if (made)
            out[f.name] = std::move(*made);
    }
    if (const auto* language = data.if_contains("language"); language != nullptr)
        out.emplace("language", *language);
    event e{.source = of.source,
            .key = key_of(of.key, s.type),
            .type = s.type,
            .run = of.run,
            .subject = of.subject,
            .to_kind = of.to_kind,
            .to_ref = of.to_ref,
            .data = json::serialize(out),
            .occurred_at = happened_at(of),
            .expires_at = due_at + s.validity,
            .created_at = now};
    if (s.to) {
        auto ref = said(*b, s.to->ref, data);
        if (!ref)
            return ref.error();
        e.to_kind = name_of(s.to->kind);
        e.to_ref = std::move(*ref);
    }
    return e;
}

} // namespace posthorn::timers
