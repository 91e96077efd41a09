#include "api/cost_handlers.hpp"

#include "api/day_in.hpp"
#include "api/shapes.hpp"
#include "model/price.hpp"
#include "runtime/run_on.hpp"

#include <boost/json/array.hpp>
#include <boost/json/parse.hpp>

#include <algorithm>
#include <array>

namespace posthorn::api {

namespace {

namespace asio = boost::asio;
using boost::json::array;
using boost::json::object;

constexpr std::array<std::string_view, 4> all_ways{"", "account", "source", "type"};

std::int32_t day_number_in(const std::string& text) { // 0: it is no day
    const auto day = day_in(text);
    return day ? store::day_number(*day) : 0;
}

constexpr std::size_t most_texts = 500;

struct estimate_body {
    std::string mistake;
    std::string type;
    std::vector<estimated_text> texts;
};

std::string word_at(const object& in, std::string_view name) { // "": none
    const auto* found = in.if_contains(name);
    return found != nullptr && found->is_string() ? std::string(found->get_string()) : "";
}

estimate_body read_estimate(const std::string& body) {
    estimate_body out;
    boost::system::error_code ec;
    const auto read = boost::json::parse(body, ec);
    const auto* all = ec || !read.is_object() ? nullptr : read.get_object().if_contains("texts");
    if (all == nullptr || !all->is_array() || all->get_array().size() > most_texts) {
        out.mistake =
            "say {\"type\": ..., \"texts\": [{\"number\": ..., \"text\": ...}]} with up to "
            "500 texts";
        return out;
    }
    out.type = word_at(read.get_object(), "type");
    for (const auto& one : all->get_array()) {
        const auto* text = one.if_object();
        if (text == nullptr || word_at(*text, "number").empty() || word_at(*text, "text").empty())
            out.mistake = "texts: each needs a number and a text";
        else
            out.texts.push_back({word_at(*text, "number"), word_at(*text, "text")});
    }
    return out;
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
    return {{"GET", "/v1/cost", [this](request r) { return cost(std::move(r)); }},
            {"POST", "/v1/cost/estimate", [this](request r) { return estimate(std::move(r)); }}};
}

asio::awaitable<answer> cost_handlers::cost(request asked) {
    const auto day = asked.asked("day"), month = asked.asked("month");
    store::cost_wish wish{.by = std::string(asked.asked("by"))};
    if (!month.empty()) {
        wish.from = day_number_in(std::string(month) + "-01");
        wish.until = wish.from + 30;
    } else {
        wish.from = day.empty() ? around_.today() : day_number_in(std::string(day));
        wish.until = wish.from;
    }
    if (const auto mistake = mistake_in(wish, asked); !mistake.empty())
        co_return bad_request(mistake);
    const auto found = co_await runtime::run_on(pool_, [&] { return around_.costs->of(wish); });
    array rows;
    for (const auto& sum : found) {
        object row{
            {"parts", sum.parts}, {"price", shown_price(sum.price)}, {"currency", sum.currency}};
        if (!wish.by.empty())
            row[wish.by] = sum.name;
        rows.push_back(std::move(row));
    }
    object body{{"cost", std::move(rows)}};
    body["budgets"] = budgets_shape(around_.budgets());
    co_return answer{.body = std::move(body)};
}

asio::awaitable<answer> cost_handlers::estimate(request asked) {
    const auto body = read_estimate(asked.body);
    if (!body.mistake.empty())
        co_return bad_request(body.mistake);
    auto told = around_.estimate(body.type, body.texts);
    if (!told.refusal.empty())
        co_return problem(409, "Not estimated", told.refusal);
    co_return answer{.body = std::move(told.would)};
}

} // namespace posthorn::api
