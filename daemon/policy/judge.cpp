#include "policy/judge.hpp"

#include "model/number.hpp"
#include "model/time_text.hpp"

#include <algorithm>

namespace posthorn::policy {

namespace {

using std::chrono::days;

// A phone must not be woken by what reaches its carrier in the last moment.
constexpr duration last_moment = std::chrono::seconds(1);
constexpr std::uint64_t text_bit = std::uint64_t{1} << 63;

// FNV-1a: it is stored. Never 0.
std::uint64_t hash_of(std::string_view text) {
    std::uint64_t h = 0xcbf29ce484222325ULL;
    for (const char c : text)
        h = (h ^ static_cast<unsigned char>(c)) * 0x100000001b3ULL;
    return h == 0 ? 1 : h;
}

// Of all texts of a category to a number, and of one of them.
std::uint64_t key_of(const counted_text& t) {
    return t.number << 3 | static_cast<std::uint64_t>(t.what);
}
std::uint64_t text_key_of(const counted_text& t) {
    return (t.text ^ key_of(t) * 0x9E3779B97F4A7C15ULL) | text_bit;
}

counted_text counted(const facts& f, instant at) {
    return {.number = digits_of(f.number), .what = f.what, .text = hash_of(f.text), .at = at};
}

// "2026-11-27 08:00"
std::string shown(instant t, const templates::zone& zone) {
    return iso(zone.date_at(t)) + " " + zone.wall_clock(t);
}

std::string name(category c) { return std::string(name_of(c)); }

} // namespace

void judge::use(std::shared_ptr<const rules> rules) {
    rules_ = std::move(rules);
    periods_ = {};
    today_ = {};
}

const quiet_hours::period& judge::period_of(category c, instant now) {
    auto& known = periods_[static_cast<std::size_t>(c)];
    if (now < known.asked || now >= known.period.ends)
        known = {now, rules_->of(c).quiet->at(now)};
    return known.period;
}

const judge::days& judge::today(instant now) {
    if (now < today_.begins || now >= today_.ends) {
        const auto& zone = rules_->zone;
        const auto day = zone.day_of(now);
        const std::chrono::sys_days date = zone.date_at(now);
        const auto monday = date - (std::chrono::weekday(date) - std::chrono::Monday);
        today_ = {day.begins, day.ends, from_micros(zone.to_utc(to_micros(instant(monday))))};
    }
    return today_;
}

decision judge::ask(const facts& f, instant now) {
    if (!concerns(f.what))
        return {};
    if (auto said = ask_time(f, now); said.what != decision::kind::may)
        return said;
    if (auto said = cap(f, now); said.what != decision::kind::may)
        return said;
    return same_text(f, now);
}

decision judge::ask_time(const facts& f, instant now) {
    if (f.urgent || !concerns(f.what))
        return {};
    const auto& mine = rules_->of(f.what);
    const auto then = now + last_moment;
    if (!mine.quiet || !period_of(f.what, then).quiet)
        return {};
    const auto until = period_of(f.what, then).ends;
    const auto& zone = mine.quiet->zone();
    decision out{.by = rule::quiet_hours,
                 .until = until,
                 .reason = "quiet hours of " + name(f.what) + ", " + mine.quiet->shown_at(then) +
                           " " + zone.name() + " (" + rules_->file + ")"};
    if (mine.messages == when_quiet::drop) {
        out.what = decision::kind::drop;
    } else if (mine.messages == when_quiet::email) {
        out.what = decision::kind::wait;
        out.by_email = "by e-mail: " + out.reason;
        out.reason += ": by e-mail, or waits until " + shown(until, zone);
    } else if (f.expires_at <= until) {
        out.what = decision::kind::expire;
        out.reason += ": they last until " + shown(until, zone) + ", and its time is over before";
    } else {
        out.what = decision::kind::wait;
        out.reason += ": waits until " + shown(until, zone);
    }
    return out;
}

decision judge::cap(const facts& f, instant now) {
    const auto& mine = rules_->of(f.what);
    if (f.urgent || !mine.capped())
        return {};
    const auto key = key_of(counted(f, now));
    const auto over = [&](unsigned most, instant since, const char* a, const char* words) {
        decision out;
        if (most == 0 || seen_.count(key, since) < most)
            return out;
        out.what = decision::kind::drop;
        out.by = rule::cap;
        out.reason = "cap of " + name(f.what) + ": " + std::to_string(most) + a +
                     "; this number had " + std::to_string(seen_.count(key, since)) + words;
        return out;
    };
    const auto day = today(now);
    if (auto said = over(mine.per_day, day.begins, " a day", " since midnight");
        said.what != decision::kind::may)
        return said;
    return over(mine.per_week, day.week_begins, " a week", " since Monday");
}

decision judge::same_text(const facts& f, instant now) {
    const auto within = rules_->of(f.what).alike_within;
    if (within == duration{})
        return {};
    const auto last = seen_.last(text_key_of(counted(f, now)));
    if (!last || *last + within <= now)
        return {};
    return {.what = decision::kind::drop,
            .by = rule::same_text,
            .reason = "the same text went to this number at " + shown(*last, rules_->zone) + " (" +
                      name(f.what) + ", " + rules_->file + ")"};
}

bool judge::is_quiet(category c, instant now) {
    return rules_ && rules_->of(c).quiet && period_of(c, now + last_moment).quiet;
}

std::optional<instant> judge::next_quiet(category c, instant now) {
    if (!rules_ || !rules_->of(c).quiet || period_of(c, now).quiet)
        return std::nullopt;
    return period_of(c, now).ends;
}

std::optional<counted_text> judge::to_count(const facts& f, instant now) const {
    if (!rules_ || !rules_->of(f.what).counts())
        return std::nullopt;
    return counted(f, now);
}

void judge::add(const counted_text& t, instant now) {
    if (!rules_ || t.number == 0)
        return;
    const auto before = needed_since(now);
    if (t.at < before)
        return;
    const auto& mine = rules_->of(t.what);
    if (mine.capped())
        seen_.add(key_of(t), t.at, before);
    if (mine.alike_within > duration{} && t.text != 0)
        seen_.add(text_key_of(t), t.at, before);
}

void judge::remove(const counted_text& t) {
    seen_.remove(key_of(t), t.at);
    seen_.remove(text_key_of(t), t.at);
}

std::optional<counted_text> judge::forgive(const facts& f, instant now) {
    if (!rules_ || rules_->of(f.what).alike_within == duration{})
        return std::nullopt;
    const auto all = counted(f, now - rules_->of(f.what).alike_within);
    seen_.remove(text_key_of(all));
    return all;
}

instant judge::needed_since(instant now) {
    if (!rules_)
        return now;
    const auto day = today(now);
    auto since = now;
    for (const auto& one : rules_->categories) {
        if (one.per_day > 0)
            since = std::min(since, day.begins);
        if (one.per_week > 0)
            since = std::min(since, day.week_begins);
        since = std::min(since, now - one.alike_within);
    }
    return since;
}

} // namespace posthorn::policy
