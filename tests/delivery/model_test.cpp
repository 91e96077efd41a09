// Every order of answer, receipt, expiry, cancel, crash and a person's word, up to a depth, against
// the table of model/state.hpp. States already seen are not explored again: what is compared is
// everything that decides the future (rows, doubts, clock, what the carrier has seen).
#include "delivery/rig.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <deque>
#include <set>
#include <sstream>

namespace model_test {

using namespace posthorn;
using namespace rig;

namespace {

struct scenario {
    std::size_t parts;
    unsigned window;
    on_uncertain doubt;
    sdk::carriage carries = {};

    bool whole() const { return carries.whole > 0; }
};

enum class step : std::uint8_t {
    accept_1,
    accept_2,
    defer_1,
    defer_2,
    throttle_1,
    throttle_2,
    reject_1,
    reject_2,
    doubt_1,
    doubt_2,
    delivered_1, // a receipt by the newest ref of the part: late, early, of a lost answer, repeated
    delivered_2,
    failed_1,
    failed_2,
    receipt_unheard, // a receipt is committed, the daemon dies before it acknowledges
    stranger,        // a receipt nobody waits for
    a_second,
    wait_over,
    expiry_over,
    hold_over,
    person_resends,
    person_accepts,
    crash,
    crash_before_bytes, // the intent is committed, the daemon dies before its bytes leave
    link_down,
    link_up,
    count,
};

constexpr std::array<const char*, static_cast<std::size_t>(step::count)> step_names{
    "accept_1",       "accept_2",       "defer_1",         "defer_2",
    "throttle_1",     "throttle_2",     "reject_1",        "reject_2",
    "doubt_1",        "doubt_2",        "delivered_1",     "delivered_2",
    "failed_1",       "failed_2",       "receipt_unheard", "stranger",
    "a_second",       "wait_over",      "expiry_over",     "hold_over",
    "person_resends", "person_accepts", "crash",           "crash_before_bytes",
    "link_down",      "link_up"};

std::string shown(const std::vector<step>& path) {
    std::string out;
    for (const auto s : path)
        out += std::string(step_names[static_cast<std::size_t>(s)]) + " ";
    return out;
}

struct part_row {
    part_state state = part_state::queued;
    std::int64_t attempts = 0, repeats = 0;
    std::string ref, mark;
};

// One sequence of steps, checked after each.
class run {
public:
    run(scenario s, std::string& wrong)
        : scenario_(s), wrong_(wrong),
          side_({.window = s.window,
                 .before_submit = [this](const auto& u) { leaving(u); },
                 .carries = s.carries}) {
        message_ = side_.new_message(s.parts, s.doubt);
        side_.accept(message_);
        side_.pulse();
        before_ = rows();
    }

    bool possible(step s);
    // The last step of a path is the one to check: the others were the last of shorter paths.
    void take(step s, bool last);
    void quiesce(bool with_link);
    std::string fingerprint();

private:
    void say(const std::string& what) {
        if (wrong_.empty())
            wrong_ = what;
    }
    std::size_t units() const { return scenario_.whole() ? 1 : scenario_.parts; }
    std::string octets(std::size_t n) const {
        return scenario_.whole() ? message_.text : message_.parts[n - 1].octets;
    }
    submission* open(std::size_t n) {
        return n > units() ? nullptr : side_.open_submission(octets(n));
    }
    submission* newest(std::size_t n) {
        submission* out = nullptr;
        for (auto& s : side_.at_carrier().seen)
            if (n <= units() && s.octets == octets(n))
                out = &s;
        return out;
    }
    std::vector<part_row> rows();
    void leaving(const sdk::unit& u);
    void verdict(std::size_t n, answer what);
    void receipt(std::size_t n, sdk::receipt_state state);
    void check(std::string_view after);
    void check_transitions(const std::vector<part_row>& now, std::string_view after);
    void check_stored(const std::string& ref, bool repeated);

    scenario scenario_;
    std::string& wrong_;
    sending_side side_;
    message message_;
    std::vector<part_row> before_;
    std::set<std::size_t> asked_again_; // parts a person wants sent again
    bool acknowledged_ = false;
};

std::vector<part_row> run::rows() {
    store::statement s(
        side_.db(), scenario_.parts == 1
                        ? "SELECT part_state, attempts, repeats, ref, mark FROM message"
                        : "SELECT part_state, attempts, repeats, ref, mark FROM part ORDER BY n");
    std::vector<part_row> out;
    while (s.row())
        out.push_back({static_cast<part_state>(s.number(0)), s.number(1), s.number(2),
                       std::string(s.text(3)), std::string(s.text(4))});
    return out;
}

// The moment before bytes leave: all that must be true then.
void run::leaving(const sdk::unit& u) {
    const auto now = side_.now;
    if (now >= message_.expires_at)
        say("bytes after expires_at");
    if (u.validity != message_.expires_at - now)
        say("the carrier may keep trying after expires_at");
    std::size_t n = 1;
    while (n <= units() && octets(n) != u.octets)
        ++n;
    const auto row = rows().at(n - 1);
    if (row.state != part_state::sending)
        say("bytes without a committed intent");
    bool open_question = false;
    std::int64_t again = 0, earlier = 0;
    const submission* last = nullptr;
    for (const auto& s : side_.at_carrier().seen) {
        if (s.octets != u.octets)
            continue;
        again += open_question;
        ++earlier;
        open_question |= s.said == answer::uncertain || s.said == answer::lost;
        last = &s;
    }
    again += open_question;
    if (last && (last->said == answer::none || last->said == answer::accepted ||
                 last->said == answer::rejected))
        say("sent twice although the carrier had it");
    if (row.repeats < again)
        say("a repeat that is not counted");
    if (row.attempts < 1)
        say("no attempt counted");
    if (again > 0 && scenario_.doubt == on_uncertain::hold && !asked_again_.contains(n))
        say("sent again although its type says hold");
}

bool run::possible(step s) {
    switch (s) {
    case step::accept_1:
    case step::defer_1:
    case step::throttle_1:
    case step::reject_1:
    case step::doubt_1:
        return open(1);
    case step::accept_2:
    case step::defer_2:
    case step::throttle_2:
    case step::reject_2:
    case step::doubt_2:
        return open(2);
    case step::delivered_1:
    case step::receipt_unheard:
        return newest(1) && newest(1)->receipts < 2;
    case step::failed_1:
        return newest(1) && newest(1)->receipts == 0;
    case step::delivered_2:
        return newest(2) && newest(2)->receipts < 2;
    case step::failed_2:
        return newest(2) && newest(2)->receipts == 0;
    case step::person_resends:
    case step::person_accepts:
        return side_.desk().uncertain().size() > 0;
    case step::link_down:
        return side_.up;
    case step::link_up:
        return !side_.up;
    default:
        return true;
    }
}

void run::verdict(std::size_t n, answer what) {
    auto& s = *open(n);
    const auto row = rows().at(n - 1);
    const bool again = row.repeats > 0;
    const bool early = s.receipts > 0;
    side_.tell(s, what, what == answer::throttled || what == answer::deferred ? 1s : 0s);
    side_.settle();
    const auto now = rows().at(n - 1).state;
    const auto expect = [&](std::initializer_list<part_state> any) {
        const bool settled = now == part_state::delivered || now == part_state::undelivered;
        if (settled && scenario_.carries.one_receipt) // by the other part's
            return;
        if (std::ranges::find(any, now) == any.end())
            say("after this verdict the part is " + std::string(name_of(now)));
    };
    if (row.state != part_state::sending)
        say("the part was not sending while its answer was open");
    switch (what) {
    case answer::accepted:
        if (early && !scenario_.carries.one_receipt)
            expect({part_state::delivered, part_state::undelivered});
        else
            expect({part_state::submitted});
        break;
    case answer::rejected:
        expect({part_state::rejected});
        break;
    case answer::deferred:
    case answer::throttled: // a resend stays what it was; a failed sibling closes it
        if (again)
            expect({part_state::uncertain, part_state::delivered, part_state::undelivered});
        else
            expect({part_state::queued, part_state::cancelled});
        break;
    default:
        if (early)
            expect({part_state::uncertain, part_state::delivered, part_state::undelivered});
        else
            expect({part_state::uncertain, part_state::delivered, part_state::undelivered});
        break;
    }
}

// When the carrier is told that we have its receipt, a commit has it.
void run::check_stored(const std::string& ref, bool repeated) {
    acknowledged_ = true;
    if (repeated ||
        live_db::number(side_.db(), "SELECT count(*) FROM receipt WHERE ref='" + ref + "'"))
        return;
    for (const auto& row : rows())
        if (is_final(row.state) && (row.ref == ref || row.mark.starts_with("inferred")))
            return;
    say("a receipt was acknowledged and is nowhere");
}

void run::receipt(std::size_t n, sdk::receipt_state state) {
    auto& s = *newest(n);
    const bool repeated = s.receipts++ > 0;
    acknowledged_ = false;
    const auto ref = s.ref;
    side_.receipt(ref, state, "", [this, ref, repeated] { check_stored(ref, repeated); });
    side_.settle();
    if (!acknowledged_)
        say("a receipt was not acknowledged");
}

void run::take(step s, bool last) {
    using enum step;
    const auto name = step_names[static_cast<std::size_t>(s)];
    const auto verdict_of = [&](step one) { return s == one ? 1U : 2U; };
    switch (s) {
    case accept_1:
    case accept_2:
        verdict(verdict_of(accept_1), answer::accepted);
        break;
    case defer_1:
    case defer_2:
        verdict(verdict_of(defer_1), answer::deferred);
        break;
    case throttle_1:
    case throttle_2:
        verdict(verdict_of(throttle_1), answer::throttled);
        break;
    case reject_1:
    case reject_2:
        verdict(verdict_of(reject_1), answer::rejected);
        break;
    case doubt_1:
    case doubt_2:
        verdict(verdict_of(doubt_1), answer::uncertain);
        break;
    case delivered_1:
    case delivered_2:
        receipt(verdict_of(delivered_1), sdk::receipt_state::delivered);
        break;
    case failed_1:
    case failed_2:
        receipt(verdict_of(failed_1), sdk::receipt_state::undelivered);
        break;
    case receipt_unheard:
        side_.receipt(newest(1)->ref, sdk::receipt_state::delivered, "",
                      [this] { say("acknowledged by the dead"); });
        side_.stop_store();
        side_.crash();
        break;
    case stranger:
        side_.receipt(
            "nobody", sdk::receipt_state::delivered, "", [] {}, "8613900000000");
        break;
    case a_second:
        side_.pass(1s);
        break;
    case wait_over:
        side_.pass(3s);
        break;
    case expiry_over:
        side_.pass(25s);
        break;
    case hold_over:
        side_.pass(70s);
        break;
    case person_resends:
    case person_accepts: {
        const auto& d = side_.desk().uncertain().all().front();
        const auto n = d.parts.first;
        if (s == person_resends)
            asked_again_.insert(n);
        if (!side_.desk().settle(d.out->message.id, n, s == person_resends,
                                 {.who = "li", .what = "uncertain", .reason = "asked"}))
            say("an uncertain part could not be settled");
        break;
    }
    case crash:
        side_.crash();
        break;
    case crash_before_bytes:
        side_.now += 3s;
        side_.open_unheard();
        side_.crash();
        break;
    case link_down:
        side_.link_down();
        break;
    case link_up:
        side_.link_up();
        break;
    case step::count:
        break;
    }
    side_.pulse();
    if (last)
        check(name);
    else
        before_ = rows();
}

// What a part may go through without passing this test by: only what the table allows.
void run::check_transitions(const std::vector<part_row>& now, std::string_view after) {
    for (std::size_t i = 0; i < now.size(); ++i) {
        std::set<part_state> reached{before_[i].state};
        for (std::size_t size = 0; size != reached.size();) {
            size = reached.size();
            for (const auto from : std::set(reached))
                for (int e = 0; e < 12; ++e)
                    reached.insert(next(from, static_cast<part_event>(e)));
        }
        if (!reached.contains(now[i].state))
            say("part " + std::to_string(i + 1) + " went from " +
                std::string(name_of(before_[i].state)) + " to " +
                std::string(name_of(now[i].state)) + " after " + std::string(after));
        if (now[i].repeats < before_[i].repeats)
            say("repeats went back");
    }
}

void run::check(std::string_view after) {
    const auto now = rows();
    if (now.size() != scenario_.parts)
        return say("the message is gone after " + std::string(after));
    check_transitions(now, after);
    before_ = now;
    if (const auto wrong = live_db::audit(side_.db()); !wrong.empty())
        say(live_db::joined(wrong));
    std::int64_t sending = 0, unanswered = 0;
    for (const auto& row : now)
        sending += row.state == part_state::sending;
    for (const auto& s : side_.at_carrier().seen)
        unanswered += s.said == answer::none;
    if (scenario_.whole()) {
        sending /= static_cast<std::int64_t>(scenario_.parts);
        for (const auto& row : now)
            if (row.state != now.front().state || row.repeats != now.front().repeats)
                say("parts of a whole text fare differently after " + std::string(after));
    }
    if (sending > scenario_.window)
        say("more open intents than the window");
    if (unanswered > scenario_.window || side_.lane().open() > scenario_.window)
        say("more at the carrier than the window");
    if ((sending != unanswered && !scenario_.carries.one_receipt) ||
        side_.lane().open() != unanswered)
        say("intents " + std::to_string(sending) + ", at the carrier " +
            std::to_string(unanswered) + ", slots taken " + std::to_string(side_.lane().open()));
    std::size_t uncertain = 0;
    for (const auto& row : now)
        uncertain += row.state == part_state::uncertain;
    if (uncertain < side_.desk().uncertain().size())
        say("doubts about parts that are settled");
}

// Time passes, and nobody does anything but answer: the message must end.
void run::quiesce(bool with_link) {
    if (side_.up != with_link)
        with_link ? side_.link_up() : side_.link_down();
    for (const auto d : {1s, 3s, 3s, 25s, 70s, 70s, 200s}) {
        for (auto& s : side_.at_carrier().seen)
            if (s.said == answer::none)
                side_.tell(s, answer::accepted);
        side_.pass(d);
    }
    side_.give_up_overdue();
    side_.pass(1s);
    side_.give_up_overdue();
    check("the end");
    for (const auto& row : rows())
        if (!is_final(row.state))
            say("forgotten: a part stays " + std::string(name_of(row.state)));
    if (side_.desk().in_hand() != 0 || side_.desk().uncertain().size() != 0)
        say("still in hand at the end");
    if (live_db::number(side_.db(), "SELECT count(*) FROM queue"))
        say("still queued at the end");
}

std::string run::fingerprint() {
    std::ostringstream out;
    out << to_micros(side_.now) << side_.up;
    for (const auto& row : rows())
        out << '/' << static_cast<int>(row.state) << ' ' << row.attempts << ' ' << row.repeats
            << ' ' << row.ref;
    out << '|' << live_db::number(side_.db(), "SELECT due_at FROM message");
    store::statement receipts(side_.db(), "SELECT ref FROM receipt ORDER BY ref");
    while (receipts.row())
        out << receipts.text(0) << ',';
    for (const auto& d : side_.desk().uncertain().all())
        out << '?' << int{d.parts.first} << ' ' << to_micros(d.resend_at) << ' '
            << to_micros(d.give_up_at);
    for (const auto& s : side_.at_carrier().seen)
        out << '>' << s.octets << static_cast<int>(s.said) << s.receipts;
    out << side_.desk().in_hand() << ' ' << side_.desk().waiting_for_receipts();
    for (const auto n : asked_again_)
        out << '!' << n;
    return out.str();
}

struct explored {
    std::size_t sequences = 0, states = 0, failures = 0;
};

explored explore(scenario s, std::size_t depth) {
    explored out;
    std::set<std::string> seen;
    std::deque<std::vector<step>> frontier{{}};
    while (!frontier.empty() && out.failures < 5) {
        const auto path = std::move(frontier.front());
        frontier.pop_front();
        std::vector<step> possible;
        {
            std::string wrong;
            run r(s, wrong);
            for (std::size_t i = 0; i < path.size() && wrong.empty(); ++i)
                if (r.possible(path[i]))
                    r.take(path[i], i + 1 == path.size());
                else
                    wrong = "the same steps led elsewhere the second time";
            if (wrong.empty() && seen.insert(r.fingerprint()).second) {
                if (path.size() < depth)
                    for (std::size_t i = 0; i < static_cast<std::size_t>(step::count); ++i)
                        if (r.possible(static_cast<step>(i)))
                            possible.push_back(static_cast<step>(i));
                r.quiesce(out.states++ % 4 != 3);
            }
            ++out.sequences;
            if (!wrong.empty()) {
                ++out.failures;
                FAIL_CHECK(shown(path) << ": " << wrong);
                continue;
            }
        }
        for (const auto p : possible) {
            frontier.push_back(path);
            frontier.back().push_back(p);
        }
    }
    return out;
}

} // namespace

// Steps after which what comes is looked at no more. Sanitizers make each five times as long.
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
constexpr std::size_t farthest = 2;
#else
constexpr std::size_t farthest = 3;
#endif

TEST_CASE("delivery: no order of answers, receipts, crashes and clocks breaks a law") {
    struct {
        scenario what;
        std::size_t depth;
    } const rows[] = {{{1, 2, on_uncertain::resend}, 3},
                      {{1, 2, on_uncertain::hold}, 3},
                      {{2, 2, on_uncertain::resend}, 2},
                      {{2, 2, on_uncertain::hold}, 2},
                      {{2, 1, on_uncertain::resend}, 2},
                      {{2, 1, on_uncertain::hold}, 2},
                      {{2, 2, on_uncertain::resend, {.whole = 100}}, 3},
                      {{2, 1, on_uncertain::hold, {.whole = 100}}, 2},
                      {{2, 2, on_uncertain::resend, {.one_receipt = true}}, 2}};
    // POSTHORN_MODEL_DEPTH=1 explores one step deeper, 2 two; minutes, not seconds.
    const char* more = std::getenv("POSTHORN_MODEL_DEPTH");
    const auto deeper = more ? static_cast<std::size_t>(std::atoi(more)) : 0;
    for (const auto& row : rows) {
        CAPTURE(row.what.parts);
        CAPTURE(row.what.window);
        CAPTURE(name_of(row.what.doubt));
        CAPTURE(row.what.carries.whole);
        CAPTURE(row.what.carries.one_receipt);
        const auto done = explore(row.what, std::min(row.depth, farthest) + deeper);
        MESSAGE(row.what.parts << " parts, window " << row.what.window << ", "
                               << name_of(row.what.doubt) << ": " << done.sequences
                               << " sequences, " << done.states << " states");
        CHECK(done.failures == 0);
        CHECK(done.states > 50);
    }
}

} // namespace model_test
