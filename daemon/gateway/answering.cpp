#include "gateway/answering.hpp"

#include "people/secret.hpp"
#include "runtime/answer_of.hpp"
#include "runtime/run_on.hpp"
#include "runtime/thread_rank.hpp"
#include "store/fault_point.hpp"

#include <boost/json/serialize.hpp>

namespace posthorn::gateway {

namespace asio = boost::asio;

answering::answering(const configuration& c, answering_surroundings around)
    : around_(std::move(around)), people_(around_.live), subscriptions_(around_.live),
      work_(around_.live), search_(around_.live, around_.history),
      asker_({.loop = around_.loop.get_executor()}),
      receiver_(c.settings.inbound.join_within,
                {.submit = [this](auto ops) { submit(std::move(ops)); },
                 .handle =
                     [this](auto texts) {
                         if (responder_)
                             responder_->handle(std::move(texts));
                     }}) {
    asio::post(reads_, [] { runtime::this_thread_is("reads", runtime::thread_rank::prompt); });
    use(c);
}

answering::~answering() = default;

void answering::use(const configuration& c) {
    hinted_.clear();
    for (const auto& t : c.catalogue->types)
        if (t.opt_out_hint)
            hinted_.push_back(t.name);
    if (!c.book)
        return; // nobody has answered so far: see differences
    asker_.use(c.settings.systems, c.book->lookups, c.handlers);
    book_ = c.book;
    if (responder_)
        return responder_->use(c.book);
    responder_ = std::make_unique<answers::responder>(c.book, *this);
    responder_->recover(std::exchange(questions_, {}), std::exchange(nuisances_, {}));
}

void answering::use(const nuisance& n) {
    if (responder_)
        responder_->use(n);
    else
        nuisances_.push_back(n);
}

void answering::recover(store::recovered& found) {
    if (responder_) {
        responder_->recover(std::move(found.questions), found.nuisances);
    } else {
        questions_ = std::move(found.questions);
        nuisances_ = std::move(found.nuisances);
    }
    if (!responder_ && !found.waiting_texts.empty())
        keep(std::exchange(found.waiting_texts, {}));
    receiver_.recover(std::move(found.waiting_texts), unproven(std::move(found.last_texts)), now());
}

// By the links that are configured now: the store does not know how many there were.
std::vector<inbound_text> answering::unproven(std::vector<store::last_text> texts) const {
    std::vector<inbound_text> out;
    for (auto& last : texts)
        if (!last.proven_by_one_link || !around_.one_link(last.text.account))
            out.push_back(std::move(last.text));
    return out;
}

void answering::keep(const std::vector<inbound_text>& texts) {
    store::settle_inbound kept{.texts = {}, .what = inbound_outcome::kept};
    for (const auto& t : texts)
        kept.texts.push_back(t.id);
    std::vector<store::op> ops;
    ops.emplace_back(std::move(kept));
    submit(std::move(ops));
}

store::add_inbound answering::admit(inbound_text t) {
    store::add_inbound op{.text = std::move(t), .settled = std::nullopt};
    if (op.head = receiver_.original_of(op.text); op.head != 0)
        op.settled = inbound_outcome::duplicate;
    else if (!responder_)
        op.settled = inbound_outcome::kept;
    return op;
}

void answering::came(std::vector<inbound_text> texts) { receiver_.came(std::move(texts), now()); }

void answering::pulse() {
    receiver_.pulse(now());
    if (responder_)
        responder_->pulse(now());
}

// A text whose answer is not committed waits in the store for the next start.
asio::awaitable<void> answering::stop() {
    if (!responder_)
        co_return;
    responder_->stop();
    for (auto* r : rehearsals_)
        r->stop();
    asker_.stop();
    co_await responder_->wait();
}

asio::awaitable<std::vector<store::person>> answering::persons(std::vector<std::string> numbers) {
    co_return co_await runtime::run_on(reads_, [&] { return people_.persons(numbers); });
}

asio::awaitable<std::optional<store::binding_code>>
answering::code_of(std::string customer_account) {
    co_return co_await runtime::run_on(reads_, [&] { return people_.code_of(customer_account); });
}

// The commit of nothing comes after those before it.
asio::awaitable<void> answering::settled() {
    co_await runtime::answer_of<void>(
        [&](auto done) { around_.store.submit({}, [done](auto) { done(); }); });
}

asio::awaitable<std::vector<subscription>> answering::subscriptions(std::string number) {
    co_await settled();
    co_return co_await runtime::run_on(reads_, [&] { return subscriptions_.of_number(number); });
}

asio::awaitable<std::vector<store::work_report>> answering::work(store::work_query which) {
    constexpr std::size_t most = 100;
    co_return co_await runtime::run_on(reads_, [&] { return work_.find(which, most); });
}

asio::awaitable<std::optional<instant>> answering::last_hint(std::string number, duration within) {
    const auto types = hinted_;
    const auto since = now() - within;
    co_return co_await runtime::run_on(
        hints_, [&] { return store::last_text_of(search_, number, types, since); });
}

// A phone waits for it.
asio::awaitable<std::vector<store::outcome>> answering::commit(std::vector<store::op> ops) {
    co_return co_await runtime::answer_of<std::vector<store::outcome>>([&](auto done) {
        around_.store.submit(
            std::move(ops),
            [done](std::span<const store::outcome> outcomes) {
                done(std::vector<store::outcome>(outcomes.begin(), outcomes.end()));
            },
            true);
    });
}

asio::awaitable<lookups::answer> answering::ask(std::string lookup,
                                                boost::json::object parameters) {
    co_return co_await runtime::answer_of<lookups::answer>(
        [&](auto done) { asker_.ask(lookup, parameters, done); });
}

asio::awaitable<bool> answering::fits(std::string secret, std::string hash) {
    co_return co_await runtime::run_on(secrets_, [&] { return people::fits(secret, hash); });
}

asio::awaitable<std::string> answering::hash_of(std::string secret) {
    co_return co_await runtime::run_on(secrets_, [&] { return people::hash_of(secret); });
}

std::string answering::new_code() { return people::new_code(); }

void answering::submit(std::vector<store::op> ops) { around_.store.submit(std::move(ops)); }

void answering::log(answers::level l, std::string_view what) {
    around_.log(static_cast<sdk::level>(l), what);
}

asio::awaitable<boost::json::object> answering::rehearse(inbound_text t) {
    answers::rehearsal tried(book_, *this, [this](answers::reply& r) {
        auto op = made(r);
        r.text = op.parked.empty() ? op.message.text : r.text;
        return std::move(op.parked);
    });
    rehearsals_.insert(&tried);
    auto forget = [this](answers::rehearsal* r) { rehearsals_.erase(r); };
    const std::unique_ptr<answers::rehearsal, decltype(forget)> until_here(&tried, forget);
    auto would = co_await tried.run(std::move(t));
    co_return would;
}

api::answering_figures answering::figures() const {
    api::answering_figures out{.joining = static_cast<std::int64_t>(receiver_.waiting())};
    if (responder_) {
        out.in_hand = static_cast<std::int64_t>(responder_->in_hand());
        out.questions = static_cast<std::int64_t>(responder_->open_questions());
        out.held = static_cast<std::int64_t>(responder_->held());
        out.nuisances = static_cast<std::int64_t>(responder_->nuisances_known());
    }
    for (auto& s : asker_.figures()) {
        api::lookup_figures l{.system = s.name,
                              .asked = s.asked,
                              .outcomes = {{"answered", s.answered}},
                              .done = s.answered,
                              .took = s.took,
                              .waiting = s.waiting,
                              .breaker_open = s.open};
        for (std::size_t i = 0; i < s.failed.size(); ++i) {
            l.outcomes.emplace_back(lookups::failure_names[i], s.failed[i]);
            if (static_cast<lookups::failure>(i) != lookups::failure::breaker_open)
                l.done += s.failed[i];
        }
        out.lookups.push_back(std::move(l));
    }
    return out;
}

// The key is the text's own, so that nothing is answered twice, whatever happens.
store::add_event answering::made(const answers::reply& r) {
    event e{.source = std::string(own_source),
            .key = std::string(answer_key) + std::to_string(r.to.id) +
                   (r.interim  ? "-interim"
                    : r.beside ? "-beside"
                               : ""),
            .type = std::string(reply_type),
            .to_kind = std::string(name_of(to_kind::number)),
            .to_ref = "+" + r.number,
            .data = boost::json::serialize(
                boost::json::object{{"text", r.text}, {"language", r.language}}),
            .created_at = now()};
    return around_.prepared(std::move(e));
}

std::string answering::send(answers::reply& r) {
    if (r.text.empty()) {
        if (r.consent)
            around_.desk.set_consent(std::move(*r.consent), std::move(r.along), [](const auto&) {});
        else
            submit(std::move(r.along));
        return {};
    }
    store::fault_point("answer ready");
    auto op = made(r);
    if (!op.parked.empty())
        return op.parked;
    op.message.sender = r.to.recipient;
    if (const auto pool = around_.own_pool(r.to.account))
        op.message.pool = *pool;
    if (r.consent) {
        consent_and_answer(r, std::move(op));
        return {};
    }
    op.along = std::make_shared<const store::op_list>(store::op_list{std::move(r.along)});
    std::vector<store::add_event> one;
    one.push_back(std::move(op));
    if (r.at_once)
        around_.desk.store_in_queue(std::move(one));
    else
        around_.desk.accept(std::move(one));
    return {};
}

// In one commit; from then on nothing leaves that is not wanted any more.
void answering::consent_and_answer(answers::reply& r, store::add_event op) {
    const store::flow_name flow{op.message.pool, op.message.priority, op.source};
    const auto due_at = op.message.due_at;
    r.along.emplace_back(std::move(op));
    around_.desk.set_consent(
        std::move(*r.consent), std::move(r.along),
        [this, flow, due_at](const store::outcome&) { around_.desk.queued(flow, due_at); });
}

} // namespace posthorn::gateway
