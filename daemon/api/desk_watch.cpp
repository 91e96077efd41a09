#include "api/desk_watch.hpp"

#include <algorithm>
#include <iterator>

namespace posthorn::api {

namespace {

constexpr auto window = std::chrono::seconds(10);
constexpr std::int64_t page_octets = 4096;

// Rounded to the nearest; 0 over no time at all.
std::int64_t per_second(std::int64_t n, duration over) {
    return over.count() > 0 ? (n * 1'000'000 + over.count() / 2) / over.count() : 0;
}

} // namespace

desk_watch::moment desk_watch::now_is(instant now) const {
    moment m{.at = now, .store = store_.figures()};
    for (const auto& lane : desk_.lanes())
        m.submitted[lane->settings().account] = lane->submitted();
    return m;
}

void desk_watch::sample(instant now) {
    if (!seen_.empty() && now < seen_.back().at) // the clock was set back
        seen_.clear();
    seen_.push_back(now_is(now));
    while (seen_.size() > 2 && seen_[1].at + window <= now)
        seen_.pop_front();
}

status_snapshot desk_watch::snapshot() const {
    status_snapshot out;
    out.pauses = desk_.told_pauses();
    for (const auto& p : desk_.paused().all())
        out.braked += p.by_brake() ? 1 : 0;
    out.warnings = desk_.warnings();
    out.budgets = desk_.budgets();
    out.halted = desk_.halted();
    const auto now = now_is(desk_.now());
    const auto& then = seen_.empty() ? now : seen_.front();
    const auto over = now.at - then.at;
    for (const auto& lane : desk_.lanes()) {
        const auto& s = lane->settings();
        auto& a = out.accounts.emplace_back();
        a.name = s.account;
        a.adapter = s.adapter;
        a.delivery = s.test ? "test" : "live";
        a.pool = s.pool_name;
        a.own_pool = s.own_pool_name;
        a.slots = lane->slots();
        a.open = lane->open();
        a.submitted = static_cast<std::int64_t>(lane->submitted());
        a.why = lane->link_up() ? "" : lane->why();
        a.rate = s.rate;
        a.paused = desk_.paused().stands_still(s.account_number);
        a.throttled = lane->throttled_at() != instant{} &&
                      desk_.now() - lane->throttled_at() < std::chrono::minutes(1);
        a.learned = lane->record().told();
        if (const auto pace = lane->slowed_to(); pace > 0)
            a.learned.emplace_back("takes", std::to_string(pace) + " a second, by its complaints");
        std::ranges::move(lane->adapter().learned(), std::back_inserter(a.learned));
        const auto before = then.submitted.find(s.account);
        const auto sent = before == then.submitted.end() ? 0 : lane->submitted() - before->second;
        a.submitted_per_second = per_second(static_cast<std::int64_t>(sent), over);
    }
    for (const auto& [name, flow] : desk_.flows().all())
        for (const auto& o : flow.waiting)
            out.unstored[name] += o->stored() ? 0 : 1;
    out.totals.insert(desk_.seen().begin(), desk_.seen().end());
    out.totals["waiting for receipts"] = static_cast<std::int64_t>(desk_.waiting_for_receipts());
    out.totals["uncertain now"] = static_cast<std::int64_t>(desk_.uncertain().size());
    for (const auto& d : desk_.uncertain().all())
        out.held += d.resend_at == instant{} ? 1 : 0;
    const auto commits = now.store.commits - then.store.commits;
    out.store.commits_per_second = per_second(commits, over);
    if (commits > 0) {
        out.store.operations_per_commit =
            (now.store.operations - then.store.operations + commits / 2) / commits;
        out.store.commit = duration((now.store.commit_micros - then.store.commit_micros) / commits);
    }
    out.store.wal_octets = now.store.wal_pages * page_octets;
    return out;
}

std::vector<uncertain_part> desk_watch::uncertain() const {
    std::vector<uncertain_part> out;
    for (const auto& d : desk_.uncertain().all()) {
        auto& u = out.emplace_back();
        const auto& m = d.out->message;
        u.message = m.id;
        u.event = m.event;
        u.n = d.parts.first;
        for (const auto& lane : desk_.lanes())
            if (lane->settings().account_number == d.account)
                u.account = lane->settings().account;
        u.recipient = m.recipient;
        u.since = d.opened_at;
        u.resend_at = d.resend_at;
        u.give_up_at = d.give_up_at;
        u.on_uncertain = m.doubt;
    }
    return out;
}

} // namespace posthorn::api
