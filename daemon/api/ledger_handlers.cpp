#include "api/ledger_handlers.hpp"

#include "api/body_texts.hpp"
#include "api/ledger_shapes.hpp"
#include "api/number_in.hpp"
#include "api/query_reader.hpp"
#include "ledger/life.hpp"
#include "model/number.hpp"
#include "runtime/run_on.hpp"
#include "runtime/thread_rank.hpp"

#include <algorithm>
#include <charconv>

namespace posthorn::api {

namespace {

namespace asio = boost::asio;

constexpr std::size_t most_consents = 20;
constexpr std::size_t most_messages = 50;

// "2026-11-27"
std::optional<std::chrono::year_month_day> day_in(std::string_view text) {
    if (text.size() != 10 || text[4] != '-' || text[7] != '-')
        return std::nullopt;
    const auto number = [&](std::size_t at, std::size_t octets) {
        int n = -1;
        std::from_chars(text.data() + at, text.data() + at + octets, n);
        return n;
    };
    const auto day =
        std::chrono::year(number(0, 4)) / std::max(number(5, 2), 0) / std::max(number(8, 2), 0);
    return day.ok() ? std::optional(day) : std::nullopt;
}

} // namespace

std::vector<route> ledger_handlers::table() {
    return {{"GET", "/v1/reconcile", [this](request r) { return reconcile(std::move(r)); }},
            {"GET", "/v1/explain", [this](request r) { return explain(std::move(r)); }}};
}

asio::awaitable<answer> ledger_handlers::explain(request asked) {
    const std::string what(asked.asked("what"));
    const std::string source(asked.asked("source"));
    if (what.empty() || what.size() > longest_text)
        co_return bad_request("say what to explain: ?what=ID, KEY or NUMBER, at most 1,024 octets");
    const auto now = around_.now();
    const auto all = co_await runtime::run_on(pool_, [&] { return lives_of(what, source, now); });
    co_return answer{.body = explained_shape(all)};
}

// What is explained may be the key of one event and the id of another.
explained ledger_handlers::lives_of(const std::string& what, const std::string& source,
                                    instant now) {
    explained out;
    auto stories = reader_.stories_of_key(what, source);
    if (const auto id = number_in<posthorn::id>(what))
        if (auto story = reader_.story_of(*id))
            stories.insert(stories.begin(), std::move(*story));
    for (auto& story : stories) {
        ledger::known_beside beside;
        const auto [since, until] = ledger::span_of(story, now);
        beside.operations = reader_.operations_on(ledger::names_of(story), since, until);
        if (story.messages.size() == 1) // of many, one asks for the message that it is about
            beside.consents = reader_.consents(story.messages.front().recipient, most_consents);
        beside.result =
            store::told_to(around_.books().results, story.event.source, story.event.outbox_id);
        out.events.push_back(
            {.moments = ledger::life_of(story, beside), .story = std::move(story)});
    }
    const auto number = around_.number(what);
    if (digits_of(number) == 0)
        return out;
    out.number = number;
    out.consents = reader_.consents(number, most_consents);
    out.messages = around_.search->find({.number = number}, "", most_messages).rows;
    return out;
}

asio::awaitable<answer> ledger_handlers::reconcile(request asked) {
    query_reader query(asked);
    store::recount_wish wish{.run = query.text("run"), .results_since = around_.results_since()};
    const auto day = query.text("day");
    const bool rows = query.text("deep") == "yes" || !wish.run.empty();
    if (!day.empty() && !wish.run.empty())
        co_return bad_request("name a day or a run, not both");
    if (!day.empty()) {
        const auto date = day_in(day);
        if (!date)
            co_return bad_request("day=" + day + " is none: write 2026-11-27");
        const auto [begins, ends] = around_.day(*date);
        wish.span = {begins, ends};
    }
    const auto files = around_.books();
    const auto stop = end_.get_token();
    std::string wrong;
    reconciled out{.span = wish.span, .run = wish.run, .deep = rows};
    co_await runtime::run_on(counting_, [&] {
        runtime::this_thread_is("reconcile", runtime::thread_rank::bulk);
        try {
            out.books = store::read_books(files.live, wish.span);
            if (rows)
                out.rows = store::recount(files, wish, stop);
        } catch (const std::exception& e) {
            wrong = e.what();
        }
        return true;
    });
    if (!wrong.empty())
        co_return problem(503, "Cannot be read", files.live.string() + ", or a month: " + wrong);
    co_return answer{.body = reconciled_shape(out)};
}

} // namespace posthorn::api
