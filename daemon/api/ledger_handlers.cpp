#include "api/ledger_handlers.hpp"

#include "api/body_texts.hpp"
#include "api/day_in.hpp"
#include "api/ledger_shapes.hpp"
#include "api/query_reader.hpp"
#include "api/standing_of.hpp"
#include "api/stories_named.hpp"
#include "ledger/life.hpp"
#include "model/number.hpp"
#include "runtime/run_on.hpp"
#include "runtime/thread_rank.hpp"

#include <algorithm>
#include <chrono>
#include <iterator>

namespace posthorn::api {

namespace {

namespace asio = boost::asio;

constexpr std::size_t most_consents = 20;
constexpr std::size_t most_messages = 50;

} // namespace

std::vector<route> ledger_handlers::table() {
    return {
        {"GET", "/v1/reconcile", [this](request r) { return reconcile(std::move(r)); }},
        {"GET", "/v1/explain", [this](request r) { return explain(std::move(r)); }},
        {"GET", "/v1/types/{type}/versions", [this](request r) { return versions(std::move(r)); }}};
}

asio::awaitable<answer> ledger_handlers::versions(request asked) {
    const auto type = asked.segments[0];
    const auto all = co_await runtime::run_on(pool_, [&] { return reader_.wordings(type); });
    if (all.empty())
        co_return problem(404, "Not found",
                          "there was never a type '" + type + "': `posthorn types` lists them");
    co_return answer{.body = versions_shape(type, all)};
}

asio::awaitable<answer> ledger_handlers::explain(request asked) {
    explain_wish wish{.what = std::string(asked.asked("what")),
                      .source = std::string(asked.asked("source")),
                      .results = around_.books().results,
                      .now = around_.now()};
    if (wish.what.empty() || wish.what.size() > longest_text)
        co_return bad_request("say what to explain: ?what=ID, KEY or NUMBER, at most 1,024 octets");
    wish.number = around_.number(wish.what);
    auto all = co_await runtime::run_on(pool_, [&] { return read(wish); });
    const auto now = standing_of(around_);
    for (auto& [story, beside] : all.stories) {
        beside.now = now;
        beside.describe = around_.describe;
        all.beside.events.push_back(
            {.moments = ledger::life_of(story, beside), .story = std::move(story)});
    }
    co_return answer{.body = explained_shape(all.beside, now)};
}

ledger_handlers::read_all ledger_handlers::read(const explain_wish& wish) {
    read_all all;
    for (auto& story : stories_named(reader_, wish.what, wish.source)) {
        ledger::known_beside beside;
        const auto [since, until] = ledger::span_of(story, wish.now);
        beside.operations = reader_.operations_on(ledger::names_of(story), since, until);
        if (until < wish.now) // what was done to it itself, also when its messages were over
            std::ranges::move(reader_.operations_on({"event " + std::to_string(story.event.id)},
                                                    until + std::chrono::microseconds(1), wish.now),
                              std::back_inserter(beside.operations));
        if (story.messages.size() == 1) { // of many, one asks for the message that it is about
            const auto& m = story.messages.front();
            beside.consents = reader_.consents(m.recipient, most_consents);
            if (!m.phone.empty()) // whose word counts as well
                std::ranges::move(reader_.consents(m.phone, most_consents),
                                  std::back_inserter(beside.consents));
        }
        beside.result = store::told_to(wish.results, story.event.source, story.event.outbox_id);
        all.stories.push_back({std::move(story), std::move(beside)});
    }
    auto& out = all.beside;
    if (digits_of(wish.number) == 0)
        return all;
    out.number = wish.number;
    out.consents = reader_.consents(wish.number, most_consents);
    const auto address = around_.people->person_of(wish.number).email;
    out.messages =
        around_.search->find({.number = wish.number, .address = address}, "", most_messages).rows;
    return all;
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
    if (!wish.run.empty() && out.rows->messages == 0 && out.rows->rows.empty())
        co_return problem(404, "Not found",
                          "no message and no parked event of a run '" + wish.run +
                              "' is known: is its name spelt so (`posthorn search`), or is it kept "
                              "no longer (keep_history)?");
    co_return answer{.body = reconciled_shape(out)};
}

} // namespace posthorn::api
