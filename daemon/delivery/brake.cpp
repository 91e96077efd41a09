#include "delivery/brake.hpp"

#include <algorithm>

namespace posthorn::delivery {

namespace {

constexpr auto an_hour = std::chrono::hours(1);

std::string of(unsigned some, unsigned all) {
    return std::to_string(some) + " of " + std::to_string(all);
}

} // namespace

brake::brake(brake_settings settings, std::function<bool(const message&)> only_warns)
    : settings_(std::move(settings)), only_warns_(std::move(only_warns)) {}

void brake::use(brake_settings settings) {
    settings_ = std::move(settings);
    if (settings_.enabled)
        return;
    first_.clear();
    by_name_.clear();
    runs_.clear();
    orders_.clear();
}

std::size_t brake::hash::operator()(const key& k) const {
    const auto numbers = (static_cast<std::uint64_t>(static_cast<std::uint32_t>(k.source)) << 32) |
                         static_cast<std::uint32_t>(k.type);
    return std::hash<std::string_view>()(k.run) ^ (numbers * 0x9E3779B97F4A7C15ULL);
}

brake::key brake::key_of(const message& m) { return {m.source, m.run.empty() ? m.type : 0, m.run}; }

brake::run* brake::find(const key& k) {
    if (!runs_.empty() && key_of(runs_.front().name) == k)
        return &runs_.front();
    const auto found = by_name_.find(k);
    if (found == by_name_.end())
        return nullptr;
    runs_.splice(runs_.begin(), runs_, found->second);
    return &runs_.front();
}

brake::run& brake::run_of(const key& k) {
    if (auto* known = find(k))
        return *known;
    runs_.emplace_front().name = {k.source, k.type, std::string(k.run)};
    by_name_.emplace(key_of(runs_.front().name), runs_.begin());
    if (runs_.size() > most_runs)
        forget_oldest();
    return runs_.front();
}

// But none of which something is still to come.
void brake::forget_oldest() {
    const auto over = std::find_if(runs_.rbegin(), std::prev(runs_.rend()), [](const run& r) {
        return !r.paused && !r.stopped && r.opening == 0 &&
               std::ranges::all_of(r.warnings, &std::string::empty);
    });
    if (over == std::prev(runs_.rend()))
        return;
    const auto gone = std::prev(over.base());
    forget_first(*gone);
    by_name_.erase(key_of(gone->name));
    runs_.erase(gone);
}

void brake::forget_first(run& r) {
    for (const auto message : r.followed)
        first_.erase(message);
    r.followed.clear();
}

brake::word brake::ask(const message& m, instant now) {
    if (!settings_.most_in_an_hour.empty() && is_too_much(m, now))
        return word::stop;
    auto& r = run_of(key_of(m));
    if (r.trusted || r.left + r.opening < settings_.first)
        return word::go;
    if (is_good(r)) { // its receipts were faster
        trust(r);
        return word::go;
    }
    const bool only_warned = only_warns_(m);
    if (r.left < settings_.first)
        return only_warned ? word::go : word::wait;
    if (only_warned && !r.warnings[beginning].empty())
        return word::go;
    auto reason = "its first " + std::to_string(settings_.first) + " messages have left";
    if (only_warned) {
        warn(r, beginning, std::move(reason));
        return word::go;
    }
    r.paused = true;
    orders_.push_back({brake_order::kind::pause, r.name, std::move(reason)});
    return word::stop;
}

bool brake::is_too_much(const message& m, instant now) {
    const auto limit = settings_.most_in_an_hour.find(m.type);
    if (limit == settings_.most_in_an_hour.end())
        return false;
    auto& r = run_of({m.source, m.type, {}});
    if (now >= r.hour_began + an_hour || now < r.hour_began) {
        r.hour_began = now;
        r.this_hour = 0;
        r.warnings[volume].clear();
    }
    const bool only_warned = only_warns_(m);
    if (r.this_hour < limit->second || (only_warned && !r.warnings[volume].empty()))
        return false;
    auto reason = "within an hour " + std::to_string(r.this_hour) +
                  " messages of it have left, and most_in_an_hour is " +
                  std::to_string(limit->second);
    if (only_warned) {
        warn(r, volume, std::move(reason));
        return false;
    }
    orders_.push_back({brake_order::kind::pause, r.name, std::move(reason)});
    return true;
}

bool brake::opened(const message& m) {
    if (settings_.most_in_an_hour.contains(m.type))
        ++run_of({m.source, m.type, {}}).this_hour;
    auto& r = run_of(key_of(m));
    if (r.trusted || r.left + r.opening >= settings_.first)
        return false;
    ++r.opening;
    return true;
}

// It may be unknown: the brake was switched off and on meanwhile.
void brake::left(const message& m) {
    auto* r = find(key_of(m));
    if (!r || r->opening == 0)
        return;
    --r->opening;
    ++r->left;
    if (!r->trusted && first_.emplace(m.id, r).second)
        r->followed.push_back(m.id);
}

void brake::not_left(const message& m) {
    if (auto* r = find(key_of(m)); r && r->opening > 0)
        --r->opening;
}

void brake::answered(const message& m, bool rejected) {
    auto& r = run_of(key_of(m));
    const auto at = r.answered++ % judged;
    r.refused += (rejected ? 1U : 0U) - (r.refusals[at] ? 1U : 0U);
    r.refusals[at] = rejected;
    const auto many = settings_.rejects * judged / 100;
    if (r.refused > many && !r.stopped)
        too_many_refused(r, only_warns_(m));
    else if (r.refused * 2 <= many)
        r.warnings[answers].clear();
    if (rejected)
        ended(m.id, false);
}

void brake::too_many_refused(run& r, bool only_warned) {
    if (only_warned && !r.warnings[answers].empty())
        return;
    auto reason = std::to_string(r.refused) + " of its last " +
                  std::to_string(std::min(r.answered, judged)) +
                  " parts were refused by the carrier";
    if (only_warned)
        return warn(r, answers, std::move(reason));
    r.stopped = true;
    r.paused = false; // no receipt lets it go on
    orders_.push_back({brake_order::kind::pause, r.name, std::move(reason)});
}

void brake::ended(posthorn::id message, bool delivered) {
    const auto found = first_.find(message);
    if (found == first_.end())
        return;
    auto& r = *found->second;
    first_.erase(found);
    find(key_of(r.name)); // it is in use
    ++(delivered ? r.delivered : r.failed);
    if ((r.paused || !r.warnings[beginning].empty()) && is_good(r))
        trust(r);
}

bool brake::is_good(const run& r) const {
    const auto all = r.delivered + r.failed;
    return all >= settings_.enough && r.delivered * 100 >= settings_.good * all;
}

void brake::trust(run& r) {
    r.trusted = true;
    r.warnings[beginning].clear();
    forget_first(r);
    if (std::exchange(r.paused, false))
        orders_.push_back(
            {brake_order::kind::go_on, r.name,
             of(r.delivered, r.delivered + r.failed) + " of its first messages were delivered"});
}

void brake::warn(run& r, cause why, std::string reason) {
    r.warnings[why] = reason;
    orders_.push_back({brake_order::kind::warn, r.name, std::move(reason)});
}

bool brake::let_go(const run_name& which) {
    bool warned = false;
    const auto go = [&](run& r) {
        for (auto& w : r.warnings)
            warned |= !std::exchange(w, {}).empty();
        r.paused = r.stopped = false; // a person was faster
        trust(r);
        r.refusals.reset();
        r.answered = r.refused = r.this_hour = 0;
    };
    if (!settings_.enabled)
        return false;
    if (which.source != 0) {
        go(run_of(key_of(which)));
        return warned;
    }
    for (auto& r : runs_)
        if (r.name.type == which.type && r.name.run == which.run)
            go(r);
    return warned;
}

std::vector<brake_warning> brake::warnings() const {
    std::vector<brake_warning> out;
    for (const auto& r : runs_)
        for (const auto& w : r.warnings)
            if (!w.empty())
                out.push_back({r.name, w});
    return out;
}

std::string brake::progress(const run_name& which) const {
    const auto found = by_name_.find(key_of(which));
    if (found == by_name_.end() || !found->second->paused)
        return {};
    const auto& r = *found->second;
    return of(r.delivered, r.delivered + r.failed) +
           " that have ended were delivered; it goes on by itself from " +
           std::to_string(settings_.enough) + " with " + std::to_string(settings_.good) + " %";
}

} // namespace posthorn::delivery
