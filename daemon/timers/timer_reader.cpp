#include "timers/timer_reader.hpp"

#include "model/hours_text.hpp"
#include "model/time_text.hpp"
#include "settings/scalars.hpp"
#include "templates/program.hpp"
#include "timers/maker.hpp"

#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>

#include <algorithm>
#include <array>

namespace posthorn::timers {

namespace {

using namespace std::chrono_literals;
using templates::event_type;
using templates::field;
using templates::kind;

constexpr duration farthest = 36'600 * 24h;
constexpr std::int64_t most_months = 1'200;

template <class Named>
const Named* find(const std::vector<Named>& all, std::string_view name) {
    const auto found = std::ranges::find(all, name, &Named::name);
    return found == all.end() ? nullptr : &*found;
}

template <class List>
std::string did_you_mean(std::string_view wanted, const List& all) {
    std::vector<std::string_view> names;
    for (const auto& one : all)
        names.push_back(one.name);
    return settings::did_you_mean(wanted, names);
}

const event_type* type_named(std::span<const event_type> types, std::string_view name) {
    const auto found = std::ranges::find(types, name, &event_type::name);
    return found == types.end() ? nullptr : &*found;
}

bool is_day(kind k) { return k == kind::date || k == kind::time; }
bool is_amount(kind k) { return k == kind::money || k == kind::decimal || k == kind::integer; }

std::string shown(const field& f) { return "a " + std::string(templates::name_of(f.kind)); }

// Data of one can be data of the other as it stands.
bool same_shape(const field& a, const field& b) {
    if (a.kind == kind::text || a.kind == kind::choice)
        return b.kind == kind::text || (b.kind == a.kind && b.choices == a.choices);
    if (a.kind != b.kind || a.currency != b.currency || a.in != b.in)
        return false;
    return std::ranges::equal(a.of, b.of, same_shape) &&
           std::ranges::all_of(b.fields, [&](const auto& f) {
               const auto* given = find(a.fields, f.name);
               return given == nullptr ? !f.required : same_shape(*given, f);
           });
}

class timer_reader {
public:
    timer_reader(settings::reader root, std::span<const event_type> types)
        : root_(std::move(root)), types_(types) {}

    timer read(const std::string& file_name) {
        timer_.name = root_.text("name");
        if (!timer_.name.empty() && timer_.name != file_name)
            root_.fail("name", "must be the name of the file, '" + file_name + "', is '" +
                                   timer_.name + "'");
        timer_.enabled = root_.flag("enabled", true);
        read_starts();
        read_when();
        const auto written = root_.kind("steps");
        auto steps = root_.maps("steps");
        if (steps.empty() &&
            (written == settings::node_kind::missing || written == settings::node_kind::list))
            root_.fail("steps", "are missing: what is made, and when");
        for (auto& map : steps)
            read_step(map);
        return std::move(timer_);
    }

private:
    const event_type* must_find(const std::string& name, settings::reader& map, const char* key) {
        const auto* type = type_named(types_, name);
        if (type == nullptr && !name.empty())
            map.fail(key, "there is no type '" + name + "'" + did_you_mean(name, types_));
        return type;
    }

    void read_starts() {
        const auto names = root_.texts("starts_with");
        if (names.empty() && root_.kind("starts_with") == settings::node_kind::list)
            root_.fail("starts_with", "names no type: which events begin it?");
        for (const auto& name : names) {
            const auto* type = must_find(name, root_, "starts_with");
            if (type == nullptr)
                continue;
            if (timer_.begun_by(name) != nullptr)
                root_.fail("starts_with", "names '" + name + "' twice");
            beginning b{.type = name, .shape = {}, .phrases = {}};
            b.shape.fields = type->fields;
            b.shape.zone = type->zone;
            b.shape.default_language = type->default_language;
            timer_.starts_with.push_back(std::move(b));
        }
    }

    void read_when() {
        const auto condition = root_.text("when", "");
        if (condition.empty())
            return;
        timer_.when = phrase{"{% if " + condition + " %}yes{% else %}no{% endif %}"};
        compile(*timer_.when, root_, "when");
    }

    // For every type that begins the timer.
    void compile(const phrase& p, settings::reader& map, const std::string& key) {
        for (auto& b : timer_.starts_with) {
            if (b.phrases.contains(p.written))
                continue;
            auto set = b.shape;
            const auto& language = set.default_language;
            auto made = templates::compile(p.written, set.fields, language, set.zone);
            for (const auto& mistake : made.mistakes)
                map.fail(key, "for events of " + b.type + ": " + mistake.what);
            set.texts.push_back({language, {}, std::move(made.code)});
            b.phrases.emplace(p.written, std::move(set));
        }
    }

    void read_step(settings::reader& map) {
        step s{.type = map.text("type")};
        const auto* type = must_find(s.type, map, "type");
        if (timer_.step_of(s.type) != nullptr)
            map.fail("type", "'" + s.type +
                                 "' is made by another step: a step has a type of its "
                                 "own, by which it is withdrawn and told apart");
        if (map.has("at") == map.has("below"))
            map.fail("has one of at: {field: due_date, plus: 3d, time: \"10:00\"} and "
                     "below: {field: balance, of: monthly_use, percent: 50}");
        else if (map.has("at"))
            s.due = read_moment(map.map("at"), true);
        else
            s.due = read_below(map.map("below"));
        if (type != nullptr) {
            s.fields = type->fields;
            s.validity = type->validity;
            read_data(map.optional_map("data"), *type, s);
            read_recipient(map, *type, s);
        } else {
            map.optional_map("data").keys();
        }
        timer_.steps.push_back(std::move(s));
    }

    // Of each type that begins the timer; told where one has none, or another kind.
    template <class Good>
    void check_field(const std::string& name, Good good, const char* wanted, settings::reader& map,
                     const char* key) {
        for (const auto& b : timer_.starts_with) {
            const auto* f = find(b.shape.fields, name);
            if (f == nullptr)
                map.fail(key, "events of " + b.type + " have no field '" + name + "'" +
                                  did_you_mean(name, b.shape.fields));
            else if (!good(f->kind))
                map.fail(key, "'" + name + "' is " + shown(*f) + " in events of " + b.type +
                                  ", not " + wanted);
        }
    }

    // `whole`: at a time of a day, not on a date.
    moment read_moment(settings::reader map, bool whole) {
        moment m{.field = map.text("field", "")};
        if (!m.field.empty())
            check_field(m.field, is_day, "a date or a time", map, "field");
        read_plus(map, m);
        if (const auto written = map.text("time", ""); !written.empty()) {
            const auto hours = hours_from(written + "-24:00");
            if (!hours || hours->from >= 24 * 60)
                map.fail("time", "'" + written + "' is no time of the day like \"10:00\"");
            else
                m.clock = std::chrono::minutes(hours->from);
        }
        for (const auto& b : timer_.starts_with)
            if (const auto* f = find(b.shape.fields, m.field); f != nullptr &&
                                                               f->kind == kind::date && !m.clock &&
                                                               (whole || m.more != duration{})) {
                map.fail("field", "'" + m.field +
                                      "' is a date: add `time:`, at what time of the "
                                      "day (plus: in days or months)");
                break;
            }
        return m;
    }

    // 1mo -3d 2h 30m: months and days by the calendar, else exactly.
    static void read_plus(settings::reader& map, moment& m) {
        const auto written = map.text("plus", "");
        if (written.empty())
            return;
        const bool back = written.starts_with('-');
        const auto length = std::string_view(written).substr(back ? 1 : 0);
        if (length.ends_with("mo")) {
            const auto n = settings::parse_integer(length.substr(0, length.size() - 2));
            if (!n || *n < 0 || *n > most_months)
                map.fail("plus", "'" + written + "' are no months like 1mo or -12mo");
            else
                m.months = std::chrono::months(back ? -*n : *n);
            return;
        }
        const auto read = settings::parse_duration(length);
        if (!read || *read > farthest) {
            map.fail("plus", "'" + written + "' is no time like 1mo, 3d, -1d, 2h or 30m");
            return;
        }
        const auto plus = back ? -*read : *read;
        if (written.ends_with('d'))
            m.days = std::chrono::floor<std::chrono::days>(plus);
        else
            m.more = plus;
    }

    below read_below(settings::reader map) {
        below out{.field = map.text("field"),
                  .of = map.text("of"),
                  .percent = static_cast<int>(map.integer("percent", {1, 100'000}, 100))};
        for (const auto& [key, name] : {std::pair{"field", out.field}, std::pair{"of", out.of}})
            if (!name.empty())
                check_field(name, is_amount, "an amount", map, key);
        for (const auto& b : timer_.starts_with) {
            const auto* part = find(b.shape.fields, out.field);
            const auto* whole = find(b.shape.fields, out.of);
            if (part != nullptr && whole != nullptr && part->currency != whole->currency)
                map.fail("of", "in events of " + b.type + " it is no amount of the same kind as '" +
                                   out.field + "'");
        }
        return out;
    }

    void read_data(settings::reader map, const event_type& type, step& s) {
        for (const auto& name : map.keys()) {
            const auto* f = find(type.fields, name);
            if (f == nullptr) {
                map.kind(name);
                map.fail(name, "events of " + type.name + " have no field '" + name + "'" +
                                   did_you_mean(name, type.fields));
                continue;
            }
            s.data.push_back({name, read_source(map, *f)});
        }
        for (const auto& f : type.fields)
            if (std::ranges::find(s.data, f.name, &mapping::field) == s.data.end())
                check_taken(f.name, f, map, std::nullopt);
    }

    // That events which begin the timer have such a field; one that is not required may be missing.
    void check_taken(const std::string& name, const field& f, settings::reader& map,
                     std::optional<std::string_view> key) {
        const auto fail = [&](const std::string& what) {
            if (key)
                map.fail(*key, what);
            else
                root_.fail("steps", what);
        };
        for (const auto& b : timer_.starts_with) {
            const auto* given = find(b.shape.fields, name);
            if (given == nullptr && (f.required || key))
                fail("events of " + b.type + " have no field '" + name + "'" +
                     did_you_mean(name, b.shape.fields) +
                     (key ? "" : ": say under `data` what it is"));
            else if (given != nullptr && !same_shape(*given, f))
                fail("'" + name + "' is " + shown(*given) + " in events of " + b.type + ", and '" +
                     f.name + "' is " + shown(f) + " of another shape" +
                     (key ? "" : ": say under `data` what it is"));
        }
    }

    std::variant<taken_over, moment, days_since, phrase> read_source(settings::reader& map,
                                                                     const field& f) {
        if (map.kind(f.name) != settings::node_kind::map) {
            phrase p{map.text(f.name)};
            if (!p.written.empty())
                compile(p, map, f.name);
            if (f.kind == kind::list || f.kind == kind::object)
                map.fail(f.name, "is " + shown(f) + ": take over a field, {field: NAME}");
            return p;
        }
        auto from = map.map(f.name);
        if (from.has("days_since")) {
            days_since out{from.text("days_since")};
            if (!out.field.empty())
                check_field(out.field, is_day, "a date or a time", from, "days_since");
            if (f.kind != kind::integer)
                from.fail("days_since", "is an integer, and '" + f.name + "' is " + shown(f));
            return out;
        }
        if (from.has("plus") || from.has("time") || !from.has("field")) {
            if (!is_day(f.kind))
                from.fail("is a date or a time, and '" + f.name + "' is " + shown(f));
            return read_moment(from, f.kind == kind::time);
        }
        taken_over out{from.text("field")};
        if (!out.field.empty())
            check_taken(out.field, f, from, "field");
        return out;
    }

    void read_recipient(settings::reader& map, const event_type& type, step& s) {
        if (!map.has("to")) {
            for (const auto& b : timer_.starts_with)
                for (const auto kind : type_named(types_, b.type)->whom)
                    if (!type.accepts(kind))
                        return map.fail("type", "events of " + b.type + " may be for '" +
                                                    std::string(name_of(kind)) +
                                                    "', which this type does not take: say whom "
                                                    "under `to`");
            return;
        }
        auto to = map.map("to");
        recipient r{.kind = to.choice<to_kind>("kind", to_kind_names), .ref = {to.text("ref")}};
        if (!type.accepts(r.kind))
            to.fail("kind", "type '" + type.name + "' does not take '" +
                                std::string(name_of(r.kind)) + "': see its `whom`");
        if (!r.ref.written.empty())
            compile(r.ref, to, "ref");
        s.to = std::move(r);
    }

    settings::reader root_;
    std::span<const event_type> types_;
    timer timer_;
};

} // namespace

timer read_timer_of(settings::reader root, const std::string& file_name,
                    std::span<const event_type> types) {
    return timer_reader(std::move(root), types).read(file_name);
}

void try_samples(const timer& t, settings::reader root, std::span<const event_type> types) {
    maker maker;
    auto maps = root.maps("steps");
    for (const auto& b : t.starts_with) {
        const event sample{.key = "sample",
                           .type = b.type,
                           .to_kind = std::string(name_of(to_kind::number)),
                           .data = boost::json::serialize(type_named(types, b.type)->sample),
                           .occurred_at = from_micros(1'785'000'000'000'000)};
        const auto begun = maker.steps_of(t, sample, instant{});
        if (!begun) // the sample is good, so it is `when`
            root.fail("when", begun.error().reason);
        for (std::size_t i = 0; i < t.steps.size(); ++i) {
            const auto& s = t.steps[i];
            const auto made = maker.event_of(t, s, sample, sample.occurred_at, sample.occurred_at);
            const auto why = made ? templates::validate(*type_named(types, s.type),
                                                        boost::json::parse(made->data).as_object())
                                  : std::optional(made.error().reason);
            if (why)
                maps[i].fail("data",
                             "the sample of " + b.type + " does not make a good event: " + *why);
        }
    }
}

} // namespace posthorn::timers
