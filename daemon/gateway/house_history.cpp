// Months of history that are over lose what is kept no longer, and are sealed, one after the other, at
// leisure.
#include "gateway/house.hpp"
#include "runtime/run_on.hpp"
#include "runtime/thread_rank.hpp"
#include "store/pruner.hpp"
#include "store/sealer.hpp"

#include <boost/asio/use_awaitable.hpp>

namespace posthorn::gateway {

using runtime::read_clocks;

// What could not be sealed is tried again in an hour.
asio::awaitable<void> house::seal_months() {
    sealing_ = true;
    try {
        co_await prune_months();
        co_await seal_those_due();
    } catch (...) {
        sealing_ = false;
        throw;
    }
    sealing_ = false;
}

asio::awaitable<void> house::prune_months() {
    const auto history = c_->settings.history_dir();
    const auto keep = kept_in_months();
    std::string after;
    while (!stopping_) {
        const auto done = co_await runtime::run_on(seals_, [&] {
            runtime::this_thread_is("sealer", runtime::thread_rank::bulk);
            return store::prune_next(history, after, now_(), keep, store_.figures().sealed_through,
                                     end_sealing_.get_token());
        });
        if (done.month.empty() || stopping_)
            break;
        after = done.month;
        tell_pruned(done);
    }
}

// A type that is configured no more is kept as long as any.
store::keeping house::kept_in_months() const {
    const auto& keep = c_->settings.keep_history;
    store::keeping out{.types = {}, .texts = keep.usual};
    for (const auto& t : c_->catalogue->types)
        out.types.emplace(t.name, keep.of(t.category));
    return out;
}

void house::tell_pruned(const store::pruned_month& done) {
    if (!done.wrong.empty()) {
        log_(sdk::level::warn, "history",
             done.month + " still holds what is kept no longer: " + done.wrong +
                 "; it is tried again in an hour");
        return;
    }
    const auto what = std::to_string(done.messages) + " messages, " + std::to_string(done.texts) +
                      " texts from phones";
    log_(sdk::level::info, "history", "pruned month=" + done.month + ": " + what);
    if (done.messages + done.texts == 0)
        return;
    std::vector<store::op> ops;
    ops.emplace_back(store::operation{.who = "posthornd",
                                      .what = "forget",
                                      .which = "part of history " + done.month,
                                      .reason = "keep_history_of",
                                      .result = what,
                                      .at = now_()});
    store_.submit(std::move(ops));
}

asio::awaitable<void> house::seal_those_due() {
    const auto history = c_->settings.history_dir();
    std::vector<std::string> failed;
    std::string after;
    while (!stopping_) {
        const auto began = read_clocks().since_boot;
        const auto done = co_await runtime::run_on(seals_, [&] {
            runtime::this_thread_is("sealer", runtime::thread_rank::bulk);
            return store::seal_next(history, after, now_(), end_sealing_.get_token());
        });
        if (done.month.empty() || stopping_)
            break;
        after = done.month;
        tell_sealed(done, read_clocks().since_boot - began);
        if (!done.wrong.empty())
            failed.push_back(done.month + " (" + done.wrong + ")");
    }
    unsealed_ = std::move(failed);
}

void house::tell_sealed(const store::sealed_month& done, duration took) {
    if (!done.wrong.empty())
        log_(sdk::level::warn, "history",
             done.month + " cannot be sealed: " + done.wrong +
                 "; searching it is slow until then, and it is tried again in an hour");
    else
        log_(sdk::level::info, "history",
             "sealed month=" + done.month + " messages=" + std::to_string(done.messages) +
                 " index_octets=" + std::to_string(done.octets) + " seconds=" +
                 std::to_string(std::chrono::floor<std::chrono::seconds>(took).count()));
}

} // namespace posthorn::gateway
