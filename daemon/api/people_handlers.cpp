#include "api/people_handlers.hpp"

#include "api/body_texts.hpp"
#include "api/deed.hpp"
#include "api/people_body.hpp"
#include "api/people_shapes.hpp"
#include "api/shapes.hpp"
#include "people/secret.hpp"
#include "runtime/answer_of.hpp"
#include "runtime/run_on.hpp"

#include <algorithm>
#include <iterator>

namespace posthorn::api {

namespace {

namespace asio = boost::asio;
using boost::json::object;

constexpr std::size_t person_changes_shown = 20;

// What a request to change something says; `mistake` when it cannot be done.
struct wish {
    std::string number, account, reason, mistake;
};

wish read_wish(const body_texts& body, const std::string& number, const std::string& account,
               const std::vector<country>& countries) {
    wish out{.number = {}, .account = {}, .reason = body.at("reason"), .mistake = body.mistake};
    const auto note = [&](const std::string& why) {
        if (out.mistake.empty())
            out.mistake = why;
    };
    if (!number.empty()) {
        if (auto e164 = to_e164(number, countries))
            out.number = std::move(*e164);
        else
            note(e164.error().reason);
    }
    if (!account.empty()) {
        if (auto plain = people::account_in(account))
            out.account = std::move(*plain);
        else
            note(plain.error().reason);
    }
    if (out.reason.empty())
        note("say why: {\"reason\": \"...\"}");
    return out;
}

bool is_bound(const store::person& p, const std::string& account) {
    return std::ranges::find(p.accounts, account, &store::customer_account::account) !=
           p.accounts.end();
}

bool is_known(const store::account_story& a) { return a.known || !a.numbers.empty(); }

answer unknown_account(const std::string& account) {
    return problem(404, "Not found",
                   "no customer account " + account +
                       " is known: look at its digits, or import it first");
}

std::string pair_of(const wish& w) {
    return "number " + masked(w.number) + ", account " + w.account;
}

} // namespace

std::vector<route> people_handlers::table() {
    return {
        {"GET", "/v1/people/{who}", [this](request r) { return show(std::move(r)); }},
        {"POST", "/v1/people/{number}/bind", [this](request r) { return bind(std::move(r)); }},
        {"POST", "/v1/people/{number}/unbind", [this](request r) { return unbind(std::move(r)); }},
        {"POST", "/v1/people/{number}/pin", [this](request r) { return pin(std::move(r)); }},
        {"POST", "/v1/people/{account}/code", [this](request r) { return code(std::move(r)); }},
        {"POST", "/v1/people/import", [this](request r) { return import(std::move(r)); }},
    };
}

asio::awaitable<std::vector<store::outcome>> people_handlers::commit(std::vector<store::op> ops,
                                                                     store::operation by) {
    if (!by.what.empty())
        ops.emplace_back(std::move(by));
    co_return co_await runtime::answer_of<std::vector<store::outcome>>(
        [&](auto done) { around_.commit(std::move(ops), done); });
}

asio::awaitable<answer> people_handlers::show(request asked) {
    const auto& who = asked.segments[0];
    const auto number = to_e164(who, around_.countries());
    const auto account = people::account_in(who);
    const auto now = around_.now();
    object out;
    co_await runtime::run_on(pool_, [&] {
        auto& people = *around_.people;
        if (number) {
            const auto p = people.person_of(*number);
            const auto changes = people.changes_of_number(*number, person_changes_shown);
            if (p.known || !p.accounts.empty() || !changes.empty())
                out["number"] = person_shape(p, changes, now);
        }
        if (account) {
            const auto a = people.by_account(*account, now);
            const auto changes = people.changes_of_account(*account, person_changes_shown);
            if (is_known(a) || !changes.empty())
                out["account"] = account_shape(a, changes);
        }
        return true;
    });
    if (out.empty())
        co_return problem(404, "Not found",
                          "nothing is known of a number or account '" + who + "'");
    co_return answer{.body = std::move(out)};
}

asio::awaitable<answer> people_handlers::bind(request asked) {
    const auto body = read_body(asked.body, {"account", "reason", "new"});
    const auto w = read_wish(body, asked.segments[0], body.at("account"), around_.countries());
    if (!w.mistake.empty())
        co_return bad_request(w.mistake);
    if (w.account.empty())
        co_return bad_request("say to which account: {\"account\": \"...\"}");
    const auto now = around_.now();
    bool known = body.at("new") == "yes", bound = false;
    co_await runtime::run_on(pool_, [&] {
        bound = is_bound(around_.people->person_of(w.number), w.account);
        known = known || is_known(around_.people->by_account(w.account, now));
        return true;
    });
    if (!known)
        co_return unknown_account(w.account);
    std::vector<store::op> ops;
    ops.emplace_back(store::put_customer_account{.account = w.account, .at = now});
    ops.emplace_back(store::bind{.number = w.number,
                                 .account = w.account,
                                 .how = store::binding_way::agent,
                                 .who = asked.user,
                                 .reason = w.reason,
                                 .at = now});
    if (!bound) {
        auto by = deed(asked, around_.now(), "people bind", pair_of(w), w.reason);
        co_await commit(std::move(ops), std::move(by));
    }
    co_return answer{.body =
                         object{{"number", w.number}, {"account", w.account}, {"changed", !bound}}};
}

asio::awaitable<answer> people_handlers::unbind(request asked) {
    const auto body = read_body(asked.body, {"account", "reason"});
    const auto w = read_wish(body, asked.segments[0], body.at("account"), around_.countries());
    if (!w.mistake.empty())
        co_return bad_request(w.mistake);
    if (w.account.empty())
        co_return bad_request("say from which account: {\"account\": \"...\"}");
    const bool bound = co_await runtime::run_on(
        pool_, [&] { return is_bound(around_.people->person_of(w.number), w.account); });
    if (!bound)
        co_return problem(409, "Not bound",
                          "number " + w.number + " is not bound to account " + w.account);
    auto by = deed(asked, around_.now(), "people unbind", pair_of(w), w.reason);
    std::vector<store::op> ops;
    ops.emplace_back(store::unbind{.number = w.number,
                                   .account = w.account,
                                   .how = store::binding_way::agent,
                                   .who = asked.user,
                                   .reason = w.reason,
                                   .at = by.at});
    co_await commit(std::move(ops), std::move(by));
    co_return answer{.body = object{{"number", w.number}, {"account", w.account}}};
}

asio::awaitable<answer> people_handlers::pin(request asked) {
    const auto body = read_body(asked.body, {"pin", "reason"});
    const auto w = read_wish(body, asked.segments[0], "", around_.countries());
    if (!w.mistake.empty())
        co_return bad_request(w.mistake);
    const auto pin = body.at("pin");
    if (const auto why = people::pin_mistake(pin, w.number); !pin.empty() && !why.empty())
        co_return bad_request(why);
    auto by = deed(asked, around_.now(), pin.empty() ? "people pin clear" : "people pin set",
                   "number " + masked(w.number), w.reason);
    std::string hash;
    if (!pin.empty())
        hash = co_await runtime::run_on(pool_, [&] { return people::hash_of(pin); });
    std::vector<store::op> ops;
    ops.emplace_back(store::set_pin{.number = w.number, .hash = std::move(hash), .at = by.at});
    co_await commit(std::move(ops), std::move(by));
    co_return answer{.body = object{{"number", w.number}, {"pin", !pin.empty()}}};
}

asio::awaitable<answer> people_handlers::code(request asked) {
    const auto body = read_body(asked.body, {"reason"});
    const auto w = read_wish(body, "", asked.segments[0], around_.countries());
    if (!w.mistake.empty())
        co_return bad_request(w.mistake);
    auto by = deed(asked, around_.now(), "people code", "account " + w.account, w.reason);
    const auto code = people::new_code();
    std::string hash;
    const bool known = co_await runtime::run_on(pool_, [&] {
        hash = people::hash_of(code);
        return is_known(around_.people->by_account(w.account, by.at));
    });
    if (!known)
        co_return unknown_account(w.account);
    const auto expires_at = by.at + around_.people_settings().code_valid;
    std::vector<store::op> ops;
    ops.emplace_back(store::put_binding_code{
        .account = w.account, .hash = std::move(hash), .expires_at = expires_at, .at = by.at});
    co_await commit(std::move(ops), std::move(by));
    co_return answer{
        .body =
            object{{"account", w.account}, {"code", code}, {"expires_at", rfc3339(expires_at)}}};
}

asio::awaitable<answer> people_handlers::import(request asked) {
    const auto batch = read_people(asked.body, around_.countries());
    if (!batch.mistake.empty())
        co_return bad_request(batch.mistake);
    store::operation by;
    if (!batch.continues)
        by = deed(asked, around_.now(), "people import", batch.file, batch.reason);
    std::vector<store::op> ops;
    for (const auto& row : batch.rows)
        std::ranges::move(people::operations_of(row, asked.user, batch.reason, around_.now()),
                          std::back_inserter(ops));
    auto copy = ops;
    const auto outcomes = co_await commit(std::move(copy), std::move(by));
    around_.use_people(ops);
    people::row_counts n;
    for (std::size_t i = 0; i < ops.size(); ++i)
        n.count(ops[i], outcomes[i]);
    co_return answer{.body = object{{"rows", batch.rows.size()},
                                    {"added", n.added},
                                    {"changed", n.changed},
                                    {"unchanged", n.unchanged},
                                    {"bound", n.bound},
                                    {"bound_before", n.bound_before}}};
}

} // namespace posthorn::api
