#include "api/cost_handlers.hpp"

#include "routing/price.hpp"
#include "runtime/run_on.hpp"

#include <boost/json/array.hpp>

#include <array>
#include <optional>

namespace posthorn::api {

namespace {

namespace asio = boost::asio;
using boost::json::array;
using boost::json::object;

constexpr std::array<std::string_view, 4> all_ways{"", "account", "source", "type"};

// "2026-11-27" as 20261127, of a month "2026-11" as 202611.
std::optional<std::int32_t> digits_of_date(std::string_view text, std::size_t size) {
    std::int32_t n = 0;
    if (text.size() != size)
        return std::nullopt;
    for (std::size_t i = 0; i < size; ++i) {
        const bool dash = i == 4 || i == 7;
        if (dash ? text[i] != '-' : text[i] < '0' || text[i] > '9')
            return std::nullopt;
        n = dash ? n : n * 10 + (text[i] - '0');
    }
    return n;
}

std::string mistake_in(const store::cost_wish& wish, const request& asked) {
    if (!asked.asked("day").empty() && !asked.asked("month").empty())
        return "say day or month, not both";
    if (wish.from == 0)
        return "day: like 2026-11-27; month: like 2026-11";
    if (std::ranges::find(all_ways, wish.by) == all_ways.end())
        return "by: account, source or type";
    return {};
}

} // namespace

std::vector<route> cost_handlers::table() {
    return {{"GET", "/v1/cost", [this](request r) { return cost(std::move(r)); }}};
}

asio::awaitable<answer> cost_handlers::cost(request asked) {
    const auto day = asked.asked("day"), month = asked.asked("month");
    store::cost_wish wish{.by = std::string(asked.asked("by"))};
    if (!month.empty()) {
        const auto first = digits_of_date(month, 7).value_or(0);
        wish.from = first * 100;
        wish.until = first * 100 + 99;
    } else {
        wish.from = day.empty() ? around_.today() : digits_of_date(day, 10).value_or(0);
        wish.until = wish.from;
    }
    if (const auto mistake = mistake_in(wish, asked); !mistake.empty())
        co_return bad_request(mistake);
    const auto found = co_await runtime::run_on(pool_, [&] { return around_.costs->of(wish); });
    array rows;
    for (const auto& sum : found) {
        object row{
            {"parts", sum.parts}, {"price", routing::shown(sum.price)}, {"currency", sum.currency}};
        if (!wish.by.empty())
            row[wish.by] = sum.name;
        rows.push_back(std::move(row));
    }
    co_return answer{.body = object{{"cost", std::move(rows)}}};
}

} // namespace posthorn::api
