// A number is erased: found and overwritten in live.db, months and results, again and again until
// nothing names it, while everything else goes on.
//
//   begun ─► live.db ─► months, results ─► once more, until nothing is found ─► free pages ─► logs ─► done
//
// A row in live.db says that it is under way, so that it goes on after a restart.
#include "gateway/erasure_key.hpp"
#include "gateway/house.hpp"
#include "runtime/answer_of.hpp"
#include "runtime/run_on.hpp"
#include "store/archive.hpp"
#include "store/number_eraser.hpp"

#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <set>
#include <span>

namespace posthorn::gateway {

namespace {

using namespace std::chrono_literals;

std::vector<std::filesystem::path> databases_in(const std::filesystem::path& folder) {
    std::vector<std::filesystem::path> out;
    std::error_code missing;
    for (const auto& entry : std::filesystem::directory_iterator(folder, missing))
        if (entry.path().extension() == ".db")
            out.push_back(entry.path());
    return out;
}

} // namespace

void house::erase(std::string number, store::operation by,
                  std::function<void(api::erasure_answer)> done) {
    if (stopping_)
        return done({.refused = "posthornd is stopping"});
    tasks_.spawn("erasure", begin_erasing(std::move(number), std::move(by), std::move(done)));
}

asio::awaitable<std::vector<store::outcome>> house::committed(std::vector<store::op> ops) {
    co_return co_await runtime::answer_of<std::vector<store::outcome>>([&](auto done) {
        store_.submit(std::move(ops), [done](std::span<const store::outcome> outcomes) {
            done(std::vector<store::outcome>(outcomes.begin(), outcomes.end()));
        });
    });
}

// Ends early when posthornd is stopping.
asio::awaitable<void> house::rest(duration how_long) {
    asio::steady_timer tick(loop_);
    for (; how_long > 0s && !stopping_; how_long -= 200ms) {
        tick.expires_after(200ms);
        co_await tick.async_wait(asio::use_awaitable);
    }
}

// That a statutory notice was sent must be told for ever; so must one of a type that is gone.
store::erased_number house::erased(std::string number) const {
    std::set<std::string, std::less<>> plain;
    for (const auto& t : c_->catalogue->types)
        if (t.category != category::statutory)
            plain.insert(t.name);
    store::erased_number out{
        .number = number,
        .spellings = number_spellings(number, c_->settings.countries),
        .evidence = name_of_erased(c_->settings.erasure_key(), number),
        .is_evidence = [plain = std::move(plain)](auto type) { return !plain.contains(type); }};
    return out;
}

asio::awaitable<void> house::begin_erasing(std::string number, store::operation by,
                                           std::function<void(api::erasure_answer)> done) {
    api::erasure_answer answer;
    std::string address; // the person's, erased with it
    try {
        answer.called = erased(number).evidence;
        const auto open = co_await runtime::run_on(erases_, [&] {
            const auto& live = c_->settings.live_db();
            const auto stop = end_erasing_.get_token();
            address = store::address_of(live, number);
            return store::open_messages_to(live, number, stop) +
                   (address.empty() ? 0 : store::open_messages_to(live, address, stop));
        });
        if (open > 0)
            answer.refused = std::to_string(open) +
                             " messages to it are under way: `posthorn cancel` "
                             "them, or wait until they are final";
    } catch (const std::exception& e) {
        answer.refused = e.what();
    }
    if (stopping_)
        answer.refused = "posthornd is stopping";
    if (answer.refused.empty()) {
        std::vector<store::op> ops;
        ops.emplace_back(store::begin_erasure{number, by.who, by.reason, by.at});
        if (!address.empty())
            ops.emplace_back(store::begin_erasure{address, by.who, by.reason, by.at});
        by.which = answer.called;
        by.result = "begun";
        ops.emplace_back(std::move(by));
        const auto outcomes = co_await committed(std::move(ops));
        answer.again = outcomes.front().what == store::outcome::code::stale;
        erase_those_under_way();
    }
    done(std::move(answer));
}

void house::erase_those_under_way() {
    if (!std::exchange(erasing_, true))
        tasks_.spawn("erasing", erase_them());
}

// What cannot be erased now is tried again.
asio::awaitable<void> house::erase_them() {
    while (!stopping_) {
        std::string wrong;
        try {
            const auto look = [&] { return store::erasures_under_way(c_->settings.live_db()); };
            auto all = co_await runtime::run_on(erases_, look);
            if (all.empty()) { // one may have begun while we looked, and found us at work
                erasing_ = false;
                all = co_await runtime::run_on(erases_, look);
                if (all.empty() || std::exchange(erasing_, true))
                    co_return;
            }
            co_await erase_one(std::move(all.front()));
        } catch (const std::exception& e) {
            wrong = e.what();
        }
        if (wrong.empty() || stopping_)
            continue;
        log_(sdk::level::error, "erasure", wrong + ": it is tried again in a minute");
        co_await rest(60s);
    }
}

asio::awaitable<void> house::erase_one(store::erasure what) {
    const auto of = erased(what.number);
    std::string from; // the months to look at
    std::int64_t all = 0;
    for (std::int64_t found = 1; found > 0 && !stopping_; all += found)
        found = co_await erase_pass(of, from);
    if (stopping_)
        co_return;
    co_await outboxes_are_clear(of);
    co_await overwrite_what_is_free();
    if (stopping_)
        co_return;
    std::vector<store::op> ops;
    ops.emplace_back(store::end_erasure{what.number});
    ops.emplace_back(store::operation{.who = what.who,
                                      .what = "erased",
                                      .which = of.evidence,
                                      .reason = what.reason,
                                      .result = std::to_string(all) + " rows named it",
                                      .at = now_()});
    co_await empty_logs(); // what went wrong until here is tried again
    if (stopping_)
        co_return;
    co_await committed(std::move(ops));
    co_await empty_logs(); // the row that said it was under way
    log_(sdk::level::info, "erasure", of.evidence + " is erased, " + std::to_string(all) + " rows");
}

// How much was found. What is under way to a month or a source while we look is found the next time.
asio::awaitable<std::int64_t> house::erase_pass(const store::erased_number& of, std::string& from) {
    const auto stop = end_erasing_.get_token();
    const auto began = now_();
    auto rows = co_await runtime::run_on(
        erases_, [&] { return store::rows_to_erase(c_->settings.live_db(), of, began, stop); });
    std::int64_t found = 0;
    std::vector<store::op> ops;
    ops.emplace_back(store::erase_number{of.number, of.evidence});
    for (auto& some : rows) {
        found += static_cast<std::int64_t>(some.rows.size());
        ops.emplace_back(std::move(some));
    }
    for (auto& op : ops) {
        if (stopping_)
            co_return 0;
        std::vector<store::op> one;
        one.push_back(std::move(op));
        co_await committed(std::move(one));
    }
    desk_->times().put(of.number, "", "");
    found += co_await runtime::run_on(erases_, [&] {
        std::int64_t erased = 0;
        for (const auto& [month, file] : store::archive::months(c_->settings.history_dir()))
            if (month >= from)
                erased += store::erase_in_month(file, of, stop);
        for (const auto& file : databases_in(c_->settings.result_dir))
            erased += store::erase_in_results(file, of, stop);
        return erased;
    });
    from = store::archive::month_named(began - 24h * 31);
    co_return found;
}

// What is taken in is deleted there soon. What is not is none of our matter yet, and not waited for.
asio::awaitable<void> house::outboxes_are_clear(const store::erased_number& of) {
    for (int tries = 0; tries < 30 && !stopping_; ++tries) {
        const auto rows = co_await runtime::run_on(erases_, [&] {
            std::int64_t all = 0;
            for (const auto& file : databases_in(c_->settings.outbox_dir))
                all += store::rows_in_outbox(file, of);
            return all;
        });
        if (rows == 0)
            co_return;
        co_await rest(1s);
    }
}

// Of live.db; files beside it were done on their own.
asio::awaitable<void> house::overwrite_what_is_free() {
    for (const bool fill : {true, false})
        for (bool more = true; more && !stopping_;) {
            std::vector<store::op> one;
            one.emplace_back(store::overwrite_free{fill});
            const auto outcomes = co_await committed(std::move(one));
            more = outcomes.front().what == store::outcome::code::applied;
        }
}

asio::awaitable<void> house::empty_logs() {
    co_await runtime::run_on(erases_, [&] {
        for (const auto& file : databases_in(c_->settings.outbox_dir))
            store::overwrite_deleted_in_outbox(file);
    });
    for (int tries = 0; !stopping_; ++tries) {
        const bool done =
            co_await runtime::answer_of<bool>([&](auto emptied) { store_.empty_log(emptied); });
        if (done)
            co_return;
        if (tries == 60)
            log_(sdk::level::warn, "erasure",
                 "live.db-wal cannot be emptied yet: somebody reads live.db all the time");
        co_await rest(1s);
    }
}

} // namespace posthorn::gateway
