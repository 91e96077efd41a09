#include "cli/estimate.hpp"

#include "cli/json_text.hpp"
#include "cli/table.hpp"
#include "model/price.hpp"

#include <utility>

namespace posthorn::cli {

namespace {

constexpr std::size_t at_once = 500;

std::int64_t number_at(const boost::json::value& row, std::string_view name) {
    const auto* found = row.as_object().if_contains(name);
    return found != nullptr && found->is_number() ? found->to_number<std::int64_t>() : 0;
}

} // namespace

void estimate::add(const std::string& number, const std::string& text) {
    if (!failed_.empty())
        return;
    waiting_.push_back(boost::json::object{{"number", number}, {"text", text}});
    if (waiting_.size() >= at_once)
        ask();
}

void estimate::end() {
    if (!waiting_.empty())
        ask();
}

void estimate::ask() {
    const auto answer = daemon_.post("/v1/cost/estimate",
                                     {{"type", type_}, {"texts", std::exchange(waiting_, {})}});
    if (!answer) {
        failed_ = answer.error().reason;
        return;
    }
    for (const auto& row : list_at(*answer, "estimate"))
        merge(row);
    by_no_account_ += number_at(*answer, "by_no_account");
}

void estimate::merge(const boost::json::value& row) {
    const auto price_of = [](const auto& r) { return amount_from(id_at(r, "price")).value_or(0); };
    for (auto& known : accounts_) {
        if (id_at(known, "account") != id_at(row, "account") ||
            id_at(known, "currency") != id_at(row, "currency"))
            continue;
        auto& sum = known.as_object();
        for (const auto* what : {"messages", "parts"})
            sum[what] = number_at(known, what) + number_at(row, what);
        if (sum.contains("price"))
            sum["price"] = shown_price(price_of(known) + price_of(row));
        return;
    }
    accounts_.push_back(row);
}

boost::json::object estimate::told() const {
    if (!failed_.empty())
        return {{"failed", failed_}};
    return {{"accounts", accounts_}, {"by_no_account", by_no_account_}, {"unknown", unknown_}};
}

std::string estimate_page(const boost::json::object& told) {
    const boost::json::value all(told);
    if (const auto failed = text_at(all, "failed"); !failed.empty())
        return "what it would cost is not known: " + failed + "\n";
    table rows({"account", ">messages", ">parts", ">cost", ""});
    for (const auto& row : list_at(all, "accounts"))
        rows.add({text_at(row, "account"), text_at(row, "messages"), text_at(row, "parts"),
                  row.as_object().contains("price") ? id_at(row, "price") : "no price",
                  text_at(row, "currency")});
    std::string page =
        rows.empty() ? "" : "it would cost, as routes and prices are now:\n" + rows.text();
    if (const auto n = text_at(all, "by_no_account"); n != "0")
        page += "  " + n + " that no account carries\n";
    if (const auto n = text_at(all, "unknown"); n != "0")
        page += "  " + n + " rows for customers, whose messages are made only when they are sent\n";
    return page;
}

} // namespace posthorn::cli
