// The questions a person has about a text that the carrier has taken, or about the link. They share
// it with the submits, but neither their window nor their deadlines.
#include "sdk/link/session.hpp"

#include <algorithm>
#include <utility>

namespace posthorn::sdk {

namespace {

constexpr std::size_t most_questions = 100; // a carrier that answers none must not gather them

std::string shown(session::clock::duration d) {
    return std::to_string(std::chrono::ceil<std::chrono::milliseconds>(d).count()) + " ms";
}

} // namespace

// Not by an answer to it. `certain`: nothing came of it.
void session::question::end(bool certain, std::string why) const {
    if (cancelled)
        cancelled(
            {certain ? cancellation::kind::cannot : cancellation::kind::unknown, std::move(why)});
    else if (found)
        found({false, std::move(why), {}});
    else
        told({certain ? inquiry::kind::cannot : inquiry::kind::unknown, {}, std::move(why)});
}

bool session::may_ask(std::string& why) const {
    if (state_ != state::up)
        why = words_.not_in;
    else if (questions_.size() >= most_questions)
        why = "too many questions wait for an answer";
    return why.empty();
}

// `append` puts it on the wire, or says why it cannot.
template <class Append>
void session::ask(question q, Append append) {
    std::string why;
    if (!may_ask(why))
        return q.end(true, std::move(why));
    now_ = clock::now();
    const auto sequence = next_sequence();
    if (why = append(sequence); !why.empty())
        return q.end(true, std::move(why));
    q.deadline = now_ + settings_.response_timeout;
    wake_by(q.deadline);
    questions_.emplace(sequence, std::move(q));
    flush();
}

void session::cancel(const accepted_part& which, std::function<void(cancellation)> done) {
    ask({.cancelled = std::move(done)},
        [&](sequence_number s) { return append_cancel(out_.tail(), s, which); });
}

void session::query(const accepted_part& which, std::function<void(inquiry)> done) {
    ask({.told = std::move(done)},
        [&](sequence_number s) { return append_query(out_.tail(), s, which); });
}

// A protocol without a test tells what it knows.
void session::probe(std::function<void(finding)> done) {
    if (words_.test.empty() && state_ == state::up)
        return done(found_out({}));
    ask({.found = std::move(done)}, [&](sequence_number s) {
        append_test(out_.tail(), s);
        return std::string();
    });
}

// Those of look_at_link() are nobody's question.
void session::test_answered(sequence_number sequence) {
    const auto asked = questions_.find(sequence);
    if (asked == questions_.end() || !asked->second.found)
        return;
    const auto q = std::move(asked->second);
    questions_.erase(asked);
    q.found(found_out(now_ - (q.deadline - settings_.response_timeout)));
}

finding session::found_out(std::optional<clock::duration> answered_in) {
    finding out{.answered = true};
    about_link(out);
    out.learned.emplace_back("answer to the " + std::string(words_.login), shown(login_took_));
    if (answered_in)
        out.learned.emplace_back("answer to " + std::string(words_.test), shown(*answered_in));
    return out;
}

void session::cancelled(sequence_number sequence, cancellation answer) {
    const auto asked = questions_.extract(sequence);
    if (!asked)
        return host_.log(level::debug, "unasked answer to a cancel");
    if (asked.mapped().cancelled)
        asked.mapped().cancelled(std::move(answer));
    else
        asked.mapped().end(false, "the answer is of another kind");
}

void session::told(sequence_number sequence, inquiry answer) {
    const auto asked = questions_.extract(sequence);
    if (!asked)
        return host_.log(level::debug, "unasked answer to a query");
    if (asked.mapped().told)
        asked.mapped().told(std::move(answer));
    else
        asked.mapped().end(false, "the answer is of another kind");
}

bool session::question_refused(sequence_number sequence, const std::string& why) {
    const auto asked = questions_.extract(sequence);
    if (!asked)
        return false;
    asked.mapped().end(true, why);
    return true;
}

void session::forget_questions(clock::time_point due, std::string_view why) {
    for (auto q = questions_.begin(); q != questions_.end();) {
        if (q->second.deadline > due) {
            ++q;
            continue;
        }
        const auto gone = std::move(q->second);
        q = questions_.erase(q);
        gone.end(false, std::string(why));
    }
}

session::clock::time_point session::next_question() const {
    auto next = clock::time_point::max();
    for (const auto& [sequence, q] : questions_)
        next = std::min(next, q.deadline);
    return next;
}

} // namespace posthorn::sdk
