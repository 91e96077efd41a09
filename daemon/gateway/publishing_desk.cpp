#include "gateway/publishing_desk.hpp"

#include "publishing/feeding.hpp"
#include "runtime/answer_of.hpp"
#include "runtime/run_on.hpp"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/use_awaitable.hpp>

namespace posthorn::gateway {

namespace asio = boost::asio;
using namespace std::chrono_literals;

publishing_desk::publishing_desk(const configuration& c, publishing_needs needs)
    : needs_(std::move(needs)), people_(needs_.live), publications_(needs_.live),
      tasks_(needs_.loop.get_executor(), [this](auto task, auto what) {
          log(publishing::level::error, std::string(task) + ": " + std::string(what));
      }) {
    use(c);
}

void publishing_desk::use(const configuration& c) {
    topics_ = c.topics;
    publisher_.use(c.topics, c.zone());
    scheduler_.use(c.topics, c.zone());
}

void publishing_desk::publish_along(store::add_event& e) const {
    if (!e.parked.empty())
        return;
    auto items = publishing::items_of(e.event, *topics_, now());
    if (!items) {
        e.parked = items.error().reason;
        return;
    }
    if (items->empty())
        return;
    store::op_list all;
    for (auto& item : *items) {
        item.event = e.event.id; // 0: it is told when it has one
        item.of = {.source = e.source,
                   .subject = e.event.subject,
                   .what = e.event.type + " " + e.event.key,
                   .happened_at = happened_at(e.event)};
        all.ops.emplace_back(std::move(item));
    }
    e.along = std::make_shared<const store::op_list>(std::move(all));
}

void publishing_desk::start() { tasks_.spawn("publishing", run()); }

// Looked for each second: what was fed, what is due, what can go on.
asio::awaitable<void> publishing_desk::run() {
    while (!stopping_) {
        std::string wrong;
        try {
            scheduler_.pulse();
            co_await publisher_.round();
        } catch (const store::read_failed& e) { // the next round reads again
            wrong = e.what();
        }
        if (!wrong.empty())
            log(publishing::level::warn, wrong);
        if (stopping_)
            break;
        tick_.expires_after(1s);
        co_await tick_.async_wait(asio::as_tuple(asio::use_awaitable)); // stop() cuts it short
    }
}

asio::awaitable<void> publishing_desk::stop() {
    stopping_ = true;
    tick_.cancel();
    co_await tasks_.wait();
    co_await scheduler_.wait();
}

asio::awaitable<std::vector<store::open_publication>>
publishing_desk::open_publications(posthorn::id after, std::size_t most) {
    co_return co_await runtime::run_on(reads_, [&] { return publications_.open(after, most); });
}

asio::awaitable<std::vector<subscription>> publishing_desk::subscribers(store::open_publication of,
                                                                        std::size_t limit) {
    co_return co_await runtime::run_on(reads_,
                                       [&] { return publications_.subscribers(of, now(), limit); });
}

asio::awaitable<std::vector<store::person>>
publishing_desk::persons(std::vector<std::string> numbers) {
    co_return co_await runtime::run_on(reads_, [&] { return people_.persons(numbers); });
}

asio::awaitable<std::size_t> publishing_desk::waiting(store::flow_name flow, std::size_t most) {
    co_return co_await runtime::run_on(reads_,
                                       [&] { return publications_.waiting(flow, now(), most); });
}

asio::awaitable<std::vector<std::string>> publishing_desk::parameters(std::string topic) {
    co_return co_await runtime::run_on(reads_,
                                       [&] { return publications_.parameters(topic, now()); });
}

asio::awaitable<instant> publishing_desk::occurrence(std::string topic) {
    co_return co_await runtime::run_on(reads_, [&] { return publications_.occurrence(topic); });
}

asio::awaitable<lookups::answer> publishing_desk::ask(std::string lookup,
                                                      boost::json::object parameters) {
    co_return co_await needs_.ask(std::move(lookup), std::move(parameters));
}

asio::awaitable<std::vector<store::outcome>>
publishing_desk::queue(std::vector<store::add_event> events) {
    co_return co_await runtime::answer_of<std::vector<store::outcome>>([&](auto done) {
        needs_.desk.store_in_queue(
            std::move(events), [done](std::span<const store::outcome> outcomes) {
                done(std::vector<store::outcome>(outcomes.begin(), outcomes.end()));
            });
    });
}

asio::awaitable<std::vector<store::outcome>> publishing_desk::commit(std::vector<store::op> ops) {
    co_return co_await runtime::answer_of<std::vector<store::outcome>>([&](auto done) {
        needs_.store.submit(std::move(ops), [done](std::span<const store::outcome> outcomes) {
            done(std::vector<store::outcome>(outcomes.begin(), outcomes.end()));
        });
    });
}

void publishing_desk::log(publishing::level l, std::string_view what) {
    needs_.log(l == publishing::level::info   ? sdk::level::info
               : l == publishing::level::warn ? sdk::level::warn
                                              : sdk::level::error,
               what);
}

api::publishing_figures publishing_desk::figures() const {
    const auto made = publisher_.figures();
    api::publishing_figures out{.texts = made.texts,
                                .open = made.open,
                                .oldest = made.oldest,
                                .stuck = {},
                                .asked = scheduler_.asked(),
                                .missed = scheduler_.missed(),
                                .clocks = {}};
    for (const auto& item : made.stuck)
        out.stuck.push_back({item.topic, item.item, item.why});
    for (const auto& [topic, clock] : scheduler_.clocks())
        out.clocks.push_back({topic, clock.next.value_or(instant{}), clock.failing});
    return out;
}

} // namespace posthorn::gateway
