// A copy of all that must not be lost, on a thread of its own, while everything else goes on.
#include "api/shapes.hpp"
#include "gateway/house.hpp"
#include "runtime/run_on.hpp"

#include <boost/asio/use_awaitable.hpp>

namespace posthorn::gateway {

void house::back_up(std::string into, store::operation by,
                    std::function<void(api::backup_answer)> done) {
    if (!backing_up_ && !stopping_) {
        backing_up_ = true;
        tasks_.spawn("backup", copy_all(std::move(into), std::move(by), std::move(done)));
        return;
    }
    done({.refused = stopping_ ? "posthornd is stopping" : "another backup is being made"});
}

asio::awaitable<void> house::copy_all(std::string into, store::operation by,
                                      std::function<void(api::backup_answer)> done) {
    const auto& s = c_->settings;
    const store::backup_places from{.live = s.live_db(),
                                    .history = s.history_dir(),
                                    .outbox = s.outbox_dir,
                                    .results = s.result_dir,
                                    .small = {s.tokens_file(), s.erasure_key()}};
    const auto shown = api::rfc3339(std::chrono::floor<std::chrono::seconds>(by.at));
    const store::pause when_restored{.scope = {},
                                     .who = by.who,
                                     .reason = "restored from a backup of " + shown +
                                               ": what has left since is not known",
                                     .at = by.at};
    api::backup_answer answer{.configuration = s.file.parent_path().string()};
    try {
        answer.made = co_await runtime::run_on(backups_, [&] {
            return store::back_up(from, into, when_restored, end_backup_.get_token());
        });
        by.result = std::to_string(answer.made.files) + " files, " +
                    std::to_string(answer.made.octets) + " octets";
    } catch (const store::backup_failed& e) {
        answer.refused = e.what();
        by.result = "failed: " + answer.refused;
        log_(sdk::level::error, "backup", answer.refused);
    }
    backing_up_ = false;
    if (!stopping_) { // else the store answers no more
        std::vector<store::op> ops;
        ops.emplace_back(std::move(by));
        store_.submit(std::move(ops));
    }
    done(std::move(answer));
}

} // namespace posthorn::gateway
