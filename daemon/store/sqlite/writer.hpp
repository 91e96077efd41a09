// The one thread that writes live.db. It never waits for more: it commits what has gathered, urgent
// first.
#pragma once

#include "store/ballast.hpp"
#include "store/sqlite/applier.hpp"
#include "store/sqlite/rows.hpp"
#include "store/sqlite/syncer.hpp"
#include "store/store.hpp"

#include <atomic>
#include <condition_variable>
#include <deque>
#include <mutex>
#include <thread>

namespace posthorn::store {

class store::writer {
public:
    explicit writer(store_options options);
    ~writer();

    name_id number_of(std::string_view kind, std::string_view name);
    std::vector<std::pair<name_id, std::string>> names(std::string_view kind);
    std::int64_t keep(const keep_wording& wording) { return applier_.apply(wording).wording; }
    recovered recover(instant now);

    void start();
    void stop();
    void submit(std::vector<op> ops, done then, bool urgent);
    void claim(flow_name flow, instant now, std::size_t limit, std::function<void(claimed)> then);
    void empty_log(std::function<void(bool)> then);
    std::size_t backlog() const { return backlog_.load(std::memory_order_relaxed); }
    writer_figures figures() const;
    bool short_of_space() const { return short_of_space_; }
    instant clock_noted();

private:
    struct batch {
        std::vector<op> ops;
        done then;
    };
    struct claim_request {
        flow_name flow;
        instant now;
        std::size_t limit;
        std::function<void(claimed)> then;
    };

    struct committed {
        std::vector<std::vector<outcome>> outcomes; // of each batch
        bool fed = false;                           // there is new feedback
    };

    void run();
    bool take(std::vector<batch>& group, std::vector<claim_request>& claims);
    static std::size_t take_from(std::deque<batch>& queue, std::size_t taken, std::size_t most,
                                 std::vector<batch>& group);
    void commit(std::vector<batch>& group);
    void failed(const SQLite::Exception& why);
    void regain_space();
    committed try_commit(const std::vector<batch>& group);
    void write_feedback();
    void checkpoint_when_long();
    bool is_awaited();
    void answer(claim_request& request);
    void empty_log_if_asked();
    void prune_keys(instant now);
    void mark_sending_uncertain(instant now);
    std::vector<open_part> uncertain_parts();

    store_options options_;
    ballast ballast_;
    SQLite::Database db_;
    syncer syncer_;
    tally tallies_;
    id_source ids_;
    key_index keys_;
    applier applier_;
    parts_reader parts_;
    statement begin_, commit_, rollback_, add_feedback_, claim_, next_due_;
    std::int64_t feedback_seq_ = 0;
    int wal_pages_ = 0;
    int copied_at_ = 0; // so many it had when it was copied last; 0: not since it began
    std::chrono::steady_clock::time_point next_look_for_space_{}, run_until_{};

    mutable std::mutex inbox_lock_;
    std::condition_variable inbox_filled_;
    std::deque<batch> urgent_, openings_, others_;
    std::size_t others_ops_ = 0; // in others_
    std::vector<claim_request> claims_;
    std::vector<std::function<void(bool)>> emptyings_; // of the log, that were asked for
    bool stopping_ = false;
    std::atomic<bool> short_of_space_{false};
    std::atomic<std::size_t> backlog_{0};
    std::atomic<std::int64_t> commits_begun_{0}, commits_{0}, operations_{0}, micros_{0},
        checkpoints_{0}, sealed_{0}, wal_{0};
    std::thread thread_;
};

} // namespace posthorn::store
