#include "api/ledger_handlers.hpp"

#include "api/ledger_shapes.hpp"
#include "api/query_reader.hpp"
#include "runtime/run_on.hpp"
#include "runtime/thread_rank.hpp"

#include <charconv>

namespace posthorn::api {

namespace {

namespace asio = boost::asio;

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
    return {{"GET", "/v1/reconcile", [this](request r) { return reconcile(std::move(r)); }}};
}

asio::awaitable<answer> ledger_handlers::reconcile(request asked) {
    query_reader query(asked);
    store::recount_wish wish{.run = query.text("run"), .results_since = around_.results_since()};
    const auto day = query.text("day");
    const bool rows = query.text("deep") == "yes" || !wish.run.empty();
    if (!day.empty() && !wish.run.empty())
        co_return problem(400, "Bad request", "name a day or a run, not both");
    if (!day.empty()) {
        const auto date = day_in(day);
        if (!date)
            co_return problem(400, "Bad request", "day=" + day + " is none: write 2026-11-27");
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
