#include "answers/rehearsal.hpp"

#include "model/hours_text.hpp"
#include "subscriptions/subscribing.hpp"

namespace posthorn::answers {

namespace asio = boost::asio;
namespace json = boost::json;

namespace {

json::object shape_of(const store::person& p, instant now) {
    json::array accounts;
    for (const auto& a : p.accounts)
        accounts.push_back(json::object{{"account", a.account}, {"name", a.name}});
    return {{"number", p.number},     {"role", p.role},
            {"language", p.language}, {"accounts", std::move(accounts)},
            {"pin", !p.pin.empty()},  {"locked", p.locked_until > now}};
}

// What an operation would change, in words; empty: nothing a person asks about.
std::string change_of(const store::op& op) {
    if (const auto* b = std::get_if<store::use_binding_code>(&op))
        return "bound to customer account " + b->account;
    if (const auto* u = std::get_if<store::unbind>(&op))
        return "no longer bound to customer account " + u->account;
    if (const auto* p = std::get_if<store::pass_on>(&op))
        return "passed on as " + p->kind;
    if (const auto* s = std::get_if<store::put_subscription>(&op))
        return "subscription to " + subscriptions::naming(s->subscription) +
               (s->subscription.paused ? ", paused" : ", " + shown(s->subscription.hours));
    if (const auto* d = std::get_if<store::drop_subscription>(&op))
        return "no longer subscribed to " + d->topic +
               (d->parameter.empty() ? "" : " " + d->parameter);
    if (const auto* c = std::get_if<store::change_contact>(&op))
        return "customer account " + c->account + " is bound to +" + c->to + " instead";
    if (const auto* w = std::get_if<store::add_work_report>(&op))
        return "work at " + w->place + " in " + w->area + " is reported";
    if (std::holds_alternative<store::end_work_report>(op))
        return "work that was reported is over";
    return {};
}

std::string change_of(const store::set_consent& c) {
    return (c.out ? "out of " : "gets again ") + std::string(category_or_all(c.which));
}

} // namespace

rehearsal::rehearsal(std::shared_ptr<const handbook> book, surroundings& real, fitting as_sent)
    : book_(std::move(book)), real_(real), as_sent_(std::move(as_sent)), own_(book_, *this) {}

asio::awaitable<json::object> rehearsal::run(inbound_text t) {
    understand(t.text);
    std::vector<inbound::whole_text> one;
    const auto id = t.id;
    one.push_back({.head = std::move(t), .parts = {id}});
    own_.handle(std::move(one));
    co_await own_.wait();
    found_["lookups"] = std::move(lookups_);
    found_["changes"] = std::move(changes_);
    found_["notes"] = std::move(notes_);
    found_["answers"] = std::move(answers_);
    co_return std::move(found_);
}

void rehearsal::understand(const std::string& text) {
    if (const auto wish = book_->opt_words.read(text))
        found_["opt_word"] = wish.word;
    const auto heard = book_->matcher.match(text, book_->zone.date_at(now()));
    found_["match"] = commands::shown(heard);
    if (const auto* m = std::get_if<commands::matched>(&heard))
        asked_ = m->asked;
    else if (const auto* wrong = std::get_if<commands::misused>(&heard))
        asked_ = wrong->asked;
    if (asked_ == nullptr)
        return;
    found_["command"] = asked_->name;
    found_["who"] = commands::name_of(asked_->who);
    found_["roles"] = json::array(asked_->roles.begin(), asked_->roles.end());
}

// The responder would try again without end; here a person waits.
asio::awaitable<std::vector<store::person>> rehearsal::persons(std::vector<std::string> numbers) {
    std::string trouble;
    try {
        auto found = co_await real_.persons(std::move(numbers));
        found_["phone"] = shape_of(found.front(), now());
        co_return found;
    } catch (const store::read_failed& e) {
        trouble = e.what();
    }
    throw std::runtime_error(trouble);
}

asio::awaitable<std::optional<store::binding_code>> rehearsal::code_of(std::string account) {
    const auto code = co_await real_.code_of(account);
    if (code && code->expires_at > now())
        co_return code;
    log(level::info, "customer account " + account + " has no code that binds");
    co_return std::nullopt;
}

asio::awaitable<std::vector<store::outcome>> rehearsal::commit(std::vector<store::op> ops) {
    note(ops);
    co_return std::vector<store::outcome>(ops.size()); // applied
}

asio::awaitable<lookups::answer> rehearsal::ask(std::string lookup, json::object parameters) {
    auto shown = parameters;
    if (asked_ != nullptr)
        for (const auto& a : asked_->takes)
            if (commands::is_secret(a.kind) && shown.contains(a.name))
                shown[a.name] = "****";
    json::object row{{"lookup", lookup}, {"parameters", std::move(shown)}};
    auto rows = co_await real_.ask(std::move(lookup), std::move(parameters));
    if (rows.has_value()) {
        row["rows"] = rows.value().size();
    } else {
        row["failed"] = lookups::name_of(rows.error().kind);
        row["why"] = rows.error().why;
    }
    lookups_.push_back(std::move(row));
    co_return rows;
}

asio::awaitable<bool> rehearsal::fits(std::string, std::string) {
    log(level::info, "the code is not looked at: as if it was right");
    co_return true;
}

asio::awaitable<std::string> rehearsal::hash_of(std::string) { co_return std::string(); }

std::string rehearsal::new_code() {
    log(level::info, "the code would be one of six digits");
    return "******";
}

std::string rehearsal::send(reply& r) {
    if (!r.text.empty())
        if (auto why = as_sent_(r); !why.empty())
            return why;
    note(r.along);
    if (r.consent)
        changes_.emplace_back(change_of(*r.consent));
    if (!r.text.empty())
        answers_.push_back(
            json::object{{"text", r.text}, {"language", r.language}, {"interim", r.interim}});
    if (r.beside)
        answers_.back().as_object()["to"] = "+" + r.number;
    return {};
}

void rehearsal::log(level, std::string_view what) { notes_.emplace_back(what); }

void rehearsal::note(const std::vector<store::op>& ops) {
    for (const auto& op : ops) {
        if (const auto* s = std::get_if<store::settle_inbound>(&op)) {
            found_["outcome"] = name_of(s->what);
            found_["settled_as"] = s->command;
        } else if (const auto* q = std::get_if<store::put_question>(&op)) {
            found_["asks_back"] = q->question.kind;
        } else if (const auto change = change_of(op); !change.empty()) {
            changes_.emplace_back(change);
        }
    }
}

} // namespace posthorn::answers
