#include "policy/judge.hpp"

#include "model/fnv1a.hpp"
#include "model/hours_text.hpp"
#include "model/number.hpp"
#include "model/time_text.hpp"

#include <algorithm>

namespace posthorn::policy {

namespace {

using std::chrono::days;

// A phone must not be woken by what reaches its carrier in the last moment.
constexpr duration last_moment = std::chrono::seconds(1);
constexpr std::uint64_t text_bit = std::uint64_t{1} << 63;

// Of all texts of a category to a number, and of one of them.
std::uint64_t key_of(const counted_text& t) {
    return t.number << 3 | static_cast<std::uint64_t>(t.what);
}
std::uint64_t text_key_of(const counted_text& t) {
    return (t.text ^ key_of(t) * 0x9E3779B97F4A7C15ULL) | text_bit;
}

counted_text counted(const facts& f, instant at) {
    return {.number = digits_of(f.number), .what = f.what, .text = fnv1a_not_0(f.text), .at = at};
}

// "2026-11-27 08:00"
std::string shown(instant t, const templates::zone& zone) {
    return iso(zone.date_at(t)) + " " + zone.wall_clock(t);
}

std::string name(category c) { return std::string(name_of(c)); }

} // namespace

void judge::use(std::shared_ptr<const rules> rules, templates::zone home) {
    rules_ = std::move(rules);
    home_ = std::move(home);
    periods_.clear();
    today_ = {};
}

quiet_hours judge::quiet_at(category c, const own_times::entry& own) const {
    const auto& usual = *rules_->of(c).quiet;
    return own.zone == 0 ? usual : usual.in(times_.zone_of(own.zone));
}

const quiet_hours::period& judge::period_of(category c, const own_times::entry& own, instant now) {
    if (own.zone >= periods_.size())
        periods_.resize(times_.zones() + 1);
    auto& known = periods_[own.zone][static_cast<std::size_t>(c)];
    if (now < known.asked || now >= known.period.ends)
        known = {now, quiet_at(c, own).at(now)};
    return known.period;
}

// What the law demands does not wait for what one prefers.
std::optional<quiet_hours> judge::outside_preferred(category c, const own_times::entry& own) const {
    if (own.hours.all_day() || c == category::statutory)
        return std::nullopt;
    static const auto every_day_alike = std::make_shared<const holidays>();
    const day_hours others{own.hours.to, own.hours.from};
    return quiet_hours({others, others, others}, every_day_alike,
                       own.zone == 0 ? home_ : times_.zone_of(own.zone));
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
    if (!concerns(f.what, f.number))
        return {};
    if (auto said = ask_time(f, now); said.what != decision::kind::may)
        return said;
    if (auto said = cap(f, now); said.what != decision::kind::may)
        return said;
    return same_text(f, now);
}

decision judge::ask_time(const facts& f, instant now) {
    if (f.urgent)
        return {};
    const auto then = now + last_moment;
    const auto own = times_.of(f.number);
    if (auto said = quiet(f, own, then); said.what != decision::kind::may)
        return said;
    const auto outside = outside_preferred(f.what, own);
    const auto period = outside ? outside->at(then) : quiet_hours::period{};
    if (!period.quiet)
        return {};
    const auto& zone = outside->zone();
    decision out{.by = rule::preferred_hours,
                 .reason = "preferred hours of this number, " + posthorn::shown(own.hours) + " " +
                           zone.name()};
    return put_off(f, std::move(out), period.ends, zone);
}

decision judge::quiet(const facts& f, const own_times::entry& own, instant then) {
    if (!has_quiet_hours(f.what) || !period_of(f.what, own, then).quiet)
        return {};
    const auto hours = quiet_at(f.what, own);
    decision out{.by = rule::quiet_hours,
                 .reason = "quiet hours of " + name(f.what) + ", " + hours.shown_at(then) + " " +
                           hours.zone().name() + " (" + rules_->file + ")"};
    if (rules_->of(f.what).messages == when_quiet::drop) {
        out.what = decision::kind::drop;
        return out;
    }
    const auto until = period_of(f.what, own, then).ends;
    if (rules_->of(f.what).messages == when_quiet::email) {
        out.what = decision::kind::wait;
        out.until = until;
        out.by_email = "by e-mail: " + out.reason;
        out.reason += ": by e-mail, or waits until " + shown(until, hours.zone());
        return out;
    }
    return put_off(f, std::move(out), until, hours.zone());
}

decision judge::put_off(const facts& f, decision out, instant until, const templates::zone& zone) {
    out.until = until;
    if (f.expires_at <= until) {
        out.what = decision::kind::expire;
        out.reason += out.by == rule::quiet_hours ? ": they last until " : ": they begin at ";
        out.reason += shown(until, zone) + ", and its time is over before";
    } else {
        out.what = decision::kind::wait;
        out.reason += ": waits until " + shown(until, zone);
    }
    return out;
}

decision judge::cap(const facts& f, instant now) {
    if (!rules_)
        return {};
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
    const auto within = !rules_ ? duration{} : rules_->of(f.what).alike_within;
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

bool judge::is_quiet(const facts& f, instant now) {
    const auto then = now + last_moment;
    const auto own = times_.of(f.number);
    if (has_quiet_hours(f.what) && period_of(f.what, own, then).quiet)
        return true;
    const auto outside = outside_preferred(f.what, own);
    return outside && outside->at(then).quiet;
}

std::optional<instant> judge::next_quiet(const facts& f, instant now) {
    std::optional<instant> next;
    const auto heed = [&](const quiet_hours::period& p) {
        if (!p.quiet)
            next = std::min(next.value_or(p.ends), p.ends);
    };
    const auto own = times_.of(f.number);
    if (has_quiet_hours(f.what))
        heed(period_of(f.what, own, now));
    if (const auto outside = outside_preferred(f.what, own))
        heed(outside->at(now));
    return next;
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
