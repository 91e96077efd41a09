#include "api/verdict.hpp"

#include "api/shapes.hpp"

#include <algorithm>

namespace posthorn::api {

namespace {

constexpr std::size_t longest_reason = 160;

std::string counted(std::int64_t n, const std::string& what) {
    return grouped(n) + " " + what + (n == 1 ? "" : "s");
}

// Never in the middle of a UTF-8 character.
std::string shortened(const std::string& text) {
    if (text.size() <= longest_reason)
        return text;
    std::size_t end = longest_reason;
    while (end > 0 && (static_cast<unsigned char>(text[end]) & 0xC0) == 0x80)
        --end;
    return text.substr(0, end) + "...";
}

class troubles {
public:
    void add(const std::string& what) { all_ += (all_.empty() ? "" : "; ") + what; }
    const std::string& text() const { return all_; }

private:
    std::string all_;
};

std::string of_parked(const situation& s) {
    std::string text = counted(s.parked, "parked event");
    if (!s.commonest.empty())
        text += (s.parked == 1 ? ", because " : ", most because ") + shortened(s.commonest);
    return text + ": fix and `posthorn retry`";
}

std::string of_pause(const store::pause& p) {
    std::string text = p.scope.kind == scope_kind::everything ? "sending" : shown(p.scope);
    text += p.stopped ? " is stopped" : " is paused";
    if (!p.who.empty())
        text += " by " + p.who;
    if (!p.reason.empty())
        text += " (" + shortened(p.reason) + ")";
    return text + ": `posthorn resume" + option_of(p.scope) + "`";
}

// How much waits because of a quota, and which is nearly used up. A source that is kept to so many
// a minute is in no trouble unless something of it waits.
std::string of_quota(const source_status& s) {
    const std::string source = "source " + s.name;
    const std::string wait =
        s.kept_back > 0 ? "about " + counted(s.kept_back, "row") : "its events";
    std::string text;
    for (const auto& q : s.quota) {
        const bool day = q.window == quota_window::day;
        if (day && q.is_full())
            text = source + " has used its quota of " + limit_of(q) + ": " + wait +
                   " must wait until " + q.ends_at;
        else if (day && q.is_nearly_full())
            text = source + " has used " + std::to_string(q.used * 100 / q.limit) +
                   " % of its quota of " + limit_of(q);
        else if (q.is_full() && s.kept_back > 0)
            text = source + " is kept to its quota of " + limit_of(q) + ": " + wait + " wait";
    }
    return text;
}

std::string of_budget(const policy::budget_use& b) {
    const auto what = shown(b.of);
    if (b.step() == policy::budget_step::fine)
        return {};
    if (b.step() == policy::budget_step::nearly)
        return what + " is used to " + std::to_string(b.percent()) + " %";
    return what + " is used up" +
           (b.of.stops.empty()
                ? ", and stops nothing"
                : ": its messages wait until " + b.until + ", or until it is raised");
}

std::string of_warning(const delivery::told_warning& w) {
    return "the brake warns of " + shown(w.scope) + " (" + shortened(w.reason) +
           "): `posthorn resume" + option_of(w.scope) + "` when it is right";
}

std::string wrong_now(const situation& s) {
    troubles t;
    if (!s.halted.empty())
        t.add("sending stopped: " + s.halted);
    if (!s.results_wait.empty())
        t.add("results and history wait: " + shortened(s.results_wait));
    for (const auto& p : s.pauses)
        t.add(of_pause(p));
    if (s.set_aside > 0)
        t.add(counted(s.set_aside, "message") + " held back by pauses");
    for (const auto& w : s.warnings)
        t.add(of_warning(w));
    if (s.accounts.empty())
        t.add("no account is configured: nothing can be sent");
    for (const auto& a : s.accounts)
        if (a.slots == 0)
            t.add("no link on account " + a.name + (a.why.empty() ? "" : ": " + shortened(a.why)));
    for (const auto& a : s.accounts)
        if (a.throttled)
            t.add("the carrier of account " + a.name + " says that it is sent too much at once: " +
                  (a.rate == 0 ? "give it a `rate:` by its contract" : "lower its `rate:`"));
    if (s.uncarried > 0)
        t.add(counted(s.uncarried, "message") + (s.uncarried == 1 ? " waits" : " wait") +
              " for an account that carries " + s.uncarried_pool +
              ": none is configured (`carries` of accounts, routes.yaml)");
    for (const auto& source : s.sources)
        if (!source.problem.empty() &&
            !source.missing) // a source that never sent is not in trouble
            t.add("outbox of " + source.name + " cannot be read: " + shortened(source.problem));
    for (const auto& source : s.sources)
        if (const auto text = of_quota(source); !text.empty())
            t.add(text);
    for (const auto& b : s.budgets)
        if (const auto text = of_budget(b); !text.empty())
            t.add(text);
    if (s.held > 0)
        t.add(counted(s.held, "uncertain part") +
              (s.held == 1 ? " waits for a person: `posthorn uncertain list`"
                           : " wait for a person: `posthorn uncertain list`"));
    if (s.failed_texts > 0)
        t.add(counted(s.failed_texts, "text") + " from phones that could not be answered " +
              (s.failed_texts == 1 ? "waits" : "wait") +
              " for a person: `posthorn inbound --outcome failed`");
    if (s.parked > 0)
        t.add(of_parked(s));
    if (!s.unexpanded.empty())
        t.add(counted(std::ssize(s.unexpanded), "event") +
              " for many cannot go on: " + shortened(s.unexpanded.front()));
    if (!s.unpublished.empty())
        t.add(counted(std::ssize(s.unpublished), "item") +
              " of topics cannot be published: " + shortened(s.unpublished.front()));
    if (!s.timers_wait.empty())
        t.add("steps of timers that are due are not made: " + shortened(s.timers_wait));
    if (!s.unsealed.empty())
        t.add("history is slow to search, for " + counted(std::ssize(s.unsealed), "month") +
              " cannot be sealed: " + shortened(s.unsealed.front()));
    return t.text();
}

// "50 a second", "50 of 100 a second" where every link that is up has a rate by contract.
std::string shown_pace(const situation& s, std::int64_t pace) {
    std::int64_t allowed = 0;
    bool limited = true;
    for (const auto& a : s.accounts) {
        if (a.slots == 0 || a.paused)
            continue;
        allowed += a.rate;
        limited &= a.rate > 0;
    }
    const bool of = limited && allowed > 0;
    return grouped(pace) + (of ? " of " + grouped(allowed) : "") + " a second";
}

// The pace is of parts, the queue of messages: long texts take longer than is said.
std::string when_empty(const situation& s, std::int64_t pace) {
    const auto seconds = (s.queued + pace - 1) / pace;
    const auto minutes = (seconds + 59) / 60;
    std::string text = s.queued_more ? ", done in more than " : ", done in about ";
    text += minutes < 120 ? counted(minutes, "minute") : counted((minutes + 59) / 60, "hour");
    if (!s.queued_more && minutes < 24 * 60) {
        const auto end =
            rfc3339(std::chrono::ceil<std::chrono::minutes>(s.now + std::chrono::seconds(seconds)));
        text += " (" + end.substr(11, 5) + " UTC)";
    }
    return text + " at " + shown_pace(s, pace);
}

// Whether anything can, for what is known here.
bool may_leave(const situation& s) {
    return s.halted.empty() &&
           std::ranges::none_of(
               s.pauses, [](const auto& p) { return p.scope.kind == scope_kind::everything; }) &&
           std::ranges::any_of(s.accounts, [](const auto& a) { return a.slots > 0 && !a.paused; });
}

// When the queue will be empty at the pace of the last seconds.
std::string outlook(const situation& s) {
    if (s.queued == 0)
        return "idle";
    const std::string many = (s.queued_more ? "more than " : "") + grouped(s.queued) + " queued";
    if (s.first_due > s.now)
        return many + " for later, the first at " +
               rfc3339(std::chrono::floor<std::chrono::seconds>(s.first_due));
    std::int64_t pace = 0;
    for (const auto& a : s.accounts)
        pace += a.submitted_per_second;
    if (!may_leave(s))
        return many;
    if (pace == 0)
        return many + ", none sent in the last seconds";
    return many + when_empty(s, pace);
}

} // namespace

std::string verdict(const situation& s) {
    const auto wrong = wrong_now(s);
    if (wrong.empty())
        return "all well: " + outlook(s);
    return s.queued == 0 ? wrong : wrong + "; " + outlook(s);
}

} // namespace posthorn::api
