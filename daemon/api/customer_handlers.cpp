#include "api/customer_handlers.hpp"

#include "api/body_texts.hpp"
#include "api/customer_page.hpp"
#include "people/row.hpp"
#include "runtime/run_on.hpp"

#include <boost/json/serialize.hpp>

namespace posthorn::api {

namespace {

namespace asio = boost::asio;
using boost::json::object;

// One of the page's forms, as the route that does it.
struct deed_asked {
    std::string path;
    object body;
};

std::optional<deed_asked> deed_of(const body_texts& form) {
    const auto act = form.at("act"), reason = form.at("reason");
    if (act == "out" || act == "in")
        return deed_asked{"/v1/consent/" + url_encoded(form.at("number")),
                          {{"what", act}, {"category", form.at("category")}, {"reason", reason}}};
    if (act == "add" || act == "remove" || act == "pause" || act == "resume")
        return deed_asked{"/v1/subscriptions/" + url_encoded(form.at("number")),
                          {{"do", act},
                           {"topic", form.at("topic")},
                           {"parameter", form.at("parameter")},
                           {"reason", reason}}};
    if (act == "resend")
        return deed_asked{"/v1/resend", {{"what", form.at("message")}, {"reason", reason}}};
    return std::nullopt;
}

std::string told(const answer& a) {
    if (!a.is_problem())
        return "Done.";
    const auto* detail = a.body.as_object().if_contains("detail");
    return "Not done: " + (detail != nullptr ? std::string(detail->as_string()) : std::string());
}

answer as_page(std::string text) {
    answer out{.text_type = "text/html; charset=utf-8", .text = std::move(text)};
    out.headers = {{"Content-Security-Policy", "default-src 'none'; style-src 'unsafe-inline'; "
                                               "form-action 'self'; frame-ancestors 'none'; "
                                               "base-uri 'none'"},
                   {"X-Content-Type-Options", "nosniff"},
                   {"Referrer-Policy", "no-referrer"}};
    return out;
}

} // namespace

std::vector<route> customer_handlers::table() {
    return {{"GET", "/v1/customers/{who}", [this](request r) { return show(std::move(r)); },
             people | agents},
            {"GET", "/customers", [this](request r) { return page(std::move(r)); },
             people | agents | in_browsers},
            {"POST", "/customers", [this](request r) { return act(std::move(r)); },
             people | agents | in_browsers}};
}

asio::awaitable<customer> customer_handlers::find(std::string who) {
    customer_wish wish{.countries = around_.countries(), .now = around_.now()};
    if (const auto number = to_e164(who, wish.countries))
        wish.number = *number;
    if (const auto account = people::account_in(who))
        wish.account = *account;
    co_return co_await runtime::run_on(pool_, [&] {
        return read_customer(
            {reader_, *around_.search, *around_.people, *around_.texts, *around_.subscriptions},
            wish);
    });
}

asio::awaitable<answer> customer_handlers::show(request asked) {
    auto who = asked.segments[0];
    auto found = co_await find(who);
    if (!found.known)
        co_return problem(404, "Not found",
                          "nothing is known of a number or account '" + who + "'");
    co_return answer{.body = std::move(found.shape)};
}

asio::awaitable<answer> customer_handlers::page(request asked) {
    const std::string who(asked.asked("who"));
    customer found;
    if (!who.empty()) {
        auto copy = who;
        found = co_await find(std::move(copy));
    }
    co_return as_page(customer_page(who, found, asked.asked("said")));
}

// The page is shown again, with what came of it: a reload does nothing twice.
asio::awaitable<answer> customer_handlers::act(request asked) {
    body_texts form;
    if (auto texts = read_query(asked.body))
        form.texts = std::move(*texts);
    const auto deed = deed_of(form);
    if (!deed)
        co_return bad_request("this is none of the page's forms");
    request inner;
    inner.method = "POST";
    inner.body = boost::json::serialize(deed->body);
    inner.user = asked.user;
    inner.who = asked.who;
    auto path = deed->path;
    const auto done = co_await router_->answer_to(std::move(path), std::move(inner));
    answer back{.status = 303};
    back.headers.emplace_back("Location", "/customers?who=" + url_encoded(form.at("who")) +
                                              "&said=" + url_encoded(told(done)));
    co_return back;
}

} // namespace posthorn::api
