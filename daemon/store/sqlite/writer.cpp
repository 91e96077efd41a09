#include "store/sqlite/writer.hpp"

#include "runtime/thread_rank.hpp"
#include "store/fault_point.hpp"
#include "store/sqlite/schema.hpp"

#include <algorithm>
#include <chrono>

namespace posthorn::store {

namespace {

#ifdef POSTHORN_FAULT_POINTS
constexpr int checkpoint_pages = 500; // so that scripts/torture meets many
constexpr int checkpoint_pages_idle = 500;
#else
constexpr int checkpoint_pages = 4'000;
constexpr int checkpoint_pages_idle = 1'000;
#endif
// A reader may keep the log from beginning anew: it is not copied at each commit meanwhile.
constexpr int pages_between_checkpoints = 250;
// So many intents at once are a run's, which is under way for a while after them.
constexpr std::size_t intents_of_a_run = 16;
constexpr std::chrono::milliseconds between_intents_of_a_run{200};
constexpr int writer_cache_kib = 8'192;
constexpr std::size_t keys_sealed_per_commit = 300;
// While a carrier's window waits for intents, what nothing waits for (answers, receipts,
// housekeeping) is committed between them and in small groups, in larger ones when it falls behind.
constexpr std::size_t most_behind = 300;
constexpr std::size_t others_per_commit = 150;
constexpr std::chrono::seconds between_looks_for_space{1};

// Slots of a window stand empty until these are committed, and they depend on nothing that was
// submitted before.
bool opens_new_parts(const std::vector<op>& ops) {
    return !ops.empty() && std::ranges::all_of(ops, [](const op& o) {
        const auto* opening = std::get_if<open_parts>(&o);
        return opening ? opening->first : std::holds_alternative<add_event>(o);
    });
}

int note_wal_pages(void* pages, sqlite3*, const char*, int now) {
    *static_cast<int*>(pages) = now;
    return SQLITE_OK;
}

} // namespace

void store::writer::start() {
    db_.exec("DROP TABLE IF EXISTS temp.opened");
    syncer_.start();
    thread_ = std::thread([this] {
        runtime::this_thread_is("store", runtime::thread_rank::prompt);
        run();
    });
}

void store::writer::stop() {
    {
        const std::lock_guard lock(inbox_lock_);
        stopping_ = true;
    }
    inbox_filled_.notify_one();
    if (thread_.joinable())
        thread_.join();
    syncer_.stop();
}

void store::writer::submit(std::vector<op> ops, done then, bool urgent) {
    if (ops.empty() && !then)
        return;
    backlog_.fetch_add(ops.size(), std::memory_order_relaxed);
    {
        const std::lock_guard lock(inbox_lock_);
        auto& queue = urgent ? urgent_ : opens_new_parts(ops) ? openings_ : others_;
        if (&queue == &others_)
            others_ops_ += ops.size();
        queue.push_back({std::move(ops), std::move(then)});
    }
    inbox_filled_.notify_one();
}

void store::writer::claim(flow_name flow, instant now, std::size_t limit,
                          std::function<void(claimed)> then) {
    {
        const std::lock_guard lock(inbox_lock_);
        claims_.push_back({flow, now, limit, std::move(then)});
    }
    inbox_filled_.notify_one();
}

void store::writer::empty_log(std::function<void(bool)> then) {
    {
        const std::lock_guard lock(inbox_lock_);
        emptyings_.push_back(std::move(then));
    }
    inbox_filled_.notify_one();
}

void store::writer::empty_log_if_asked() {
    constexpr std::chrono::milliseconds patience{20}; // all others wait
    std::vector<std::function<void(bool)>> asked;
    {
        const std::lock_guard lock(inbox_lock_);
        asked.swap(emptyings_);
    }
    if (asked.empty())
        return;
    const bool done = posthorn::store::empty_log(db_, patience);
    for (auto& then : asked)
        options_.post([then = std::move(then), done] { then(done); });
}

// Moves batches until `most` operations are taken, at least one when none are. How many there are
// then.
std::size_t store::writer::take_from(std::deque<batch>& queue, std::size_t taken, std::size_t most,
                                     std::vector<batch>& group) {
    while (!queue.empty() && (taken == 0 || taken + queue.front().ops.size() <= most)) {
        taken += queue.front().ops.size();
        group.push_back(std::move(queue.front()));
        queue.pop_front();
    }
    return taken;
}

bool store::writer::is_awaited() {
    const std::lock_guard lock(inbox_lock_);
    return !urgent_.empty() || !openings_.empty() || !claims_.empty();
}

// Waits for work and takes a group of it. False when there is none and never will be.
bool store::writer::take(std::vector<batch>& group, std::vector<claim_request>& claims) {
    std::unique_lock lock(inbox_lock_);
    const auto ready = [&] {
        return stopping_ || !urgent_.empty() || !openings_.empty() || !others_.empty() ||
               !claims_.empty() || !emptyings_.empty();
    };
    if (short_of_space_)
        inbox_filled_.wait_for(lock, between_looks_for_space, ready);
    else
        inbox_filled_.wait(lock, ready);
    claims.swap(claims_);
    const std::size_t most = urgent_.empty() ? options_.group : options_.group_when_urgent;
    const bool awaited = !urgent_.empty() || !openings_.empty();
    const std::size_t taken = take_from(urgent_, 0, most, group);
    if (take_from(openings_, taken, most, group) >= taken + intents_of_a_run)
        run_until_ = std::chrono::steady_clock::now() + between_intents_of_a_run;
    if (!awaited || others_ops_ >= most_behind)
        others_ops_ -= take_from(
            others_, 0, std::min(most, std::max(others_per_commit, others_ops_ / 4)), group);
    return !stopping_ || !group.empty() || !claims.empty() || !emptyings_.empty();
}

void store::writer::run() {
    std::vector<batch> group;
    std::vector<claim_request> claims;
    for (;;) {
        syncer_.wait_for_room();
        if (!take(group, claims))
            return;
        for (auto& request : claims)
            answer(request);
        if (!group.empty())
            commit(group);
        empty_log_if_asked();
        if (short_of_space_)
            regain_space();
        group.clear();
        claims.clear();
    }
}

// Tries until it is committed. Nobody is told before it is durable; while the disk is full nothing
// is sent.
void store::writer::commit(std::vector<batch>& group) {
    using namespace std::chrono;
    const auto started = steady_clock::now();
    for (;;) {
        try {
            auto done = std::make_shared<committed>(try_commit(group));
            syncer_.hand_over([this, started, done,
                               group = std::make_shared<std::vector<batch>>(std::move(group))] {
                micros_.fetch_add(
                    duration_cast<microseconds>(steady_clock::now() - started).count(),
                    std::memory_order_relaxed);
                options_.post([group, done] {
                    for (std::size_t i = 0; i < group->size(); ++i)
                        if ((*group)[i].then)
                            (*group)[i].then(done->outcomes[i]);
                });
                if (done->fed && options_.fed)
                    options_.fed();
            });
            checkpoint_when_long();
            return;
        } catch (const SQLite::Exception& e) {
            if (sqlite3_get_autocommit(db_.getHandle()) == 0)
                rollback_.run();
            keys_.undo();
            tallies_.clear();
            applier_.undo();
            failed(e);
        }
    }
}

// Returns when the commit may be tried again.
void store::writer::failed(const SQLite::Exception& why) {
    if (!may_pass(why))
        throw std::runtime_error("live.db: " + std::string(why.what()) +
                                 ": the store cannot go on; the next start recovers");
    const bool full = (why.getErrorCode() & 0xFF) == SQLITE_FULL;
    if (full && options_.ballast > 0 && !short_of_space_) {
        short_of_space_ = true;
        next_look_for_space_ = std::chrono::steady_clock::now() + between_looks_for_space;
        ballast_.give_up();
        options_.complain("the disk of " + options_.file.string() +
                          " is full: nothing new is sent; answers, receipts and texts from phones "
                          "are recorded in the last " +
                          std::to_string(options_.ballast >> 20) + " MiB: free space");
        return;
    }
    options_.complain("live.db cannot be written (" + std::string(why.what()) +
                      "): nothing is sent until it can; free space or mend the disk");
    std::this_thread::sleep_for(std::chrono::milliseconds(500));
}

void store::writer::regain_space() {
    const auto now = std::chrono::steady_clock::now();
    if (now < next_look_for_space_)
        return;
    next_look_for_space_ = now + between_looks_for_space;
    if (!ballast_.take())
        return;
    short_of_space_ = false;
    options_.complain("there is room on the disk again: sending goes on");
}

store::writer::committed store::writer::try_commit(const std::vector<batch>& group) {
    committed done;
    done.outcomes.reserve(group.size());
    std::size_t operations = 0;
    commits_begun_.fetch_add(1, std::memory_order_relaxed);
    begin_.run();
    keys_.seal_some(keys_sealed_per_commit, to_micros(options_.now()));
    for (const auto& b : group) {
        auto& out = done.outcomes.emplace_back();
        out.reserve(b.ops.size());
        for (const auto& operation : b.ops)
            out.push_back(applier_.apply(operation));
        operations += b.ops.size();
    }
    // Keys must leave memory faster than new ones come.
    if (const auto wanted = 2 * keys_.added(); wanted > keys_sealed_per_commit)
        keys_.seal_some(wanted - keys_sealed_per_commit, to_micros(options_.now()));
    done.fed = !applier_.changes().empty();
    write_feedback();
    tallies_.write();
    fault_point("before commit");
    commit_.run();
    fault_point("after commit");
    keys_.keep();
    tallies_.clear();
    applier_.keep();
    backlog_.fetch_sub(operations, std::memory_order_relaxed);
    commits_.fetch_add(1, std::memory_order_relaxed);
    operations_.fetch_add(static_cast<std::int64_t>(operations), std::memory_order_relaxed);
    sealed_.store(keys_.sealed_through(), std::memory_order_relaxed);
    return done;
}

void store::writer::write_feedback() {
    if (applier_.changes().empty())
        return;
    add_feedback_.bind(++feedback_seq_, options_.now(), blob{applier_.changes()}).run();
}

// Inline and passive: a checkpointing thread of its own lets the WAL grow without end under load,
// and only one connection ever checkpoints. A long log is cheaper, for a page that changes again and
// again is copied once, and a longer pause: it is for runs, not for the moments between their commits.
void store::writer::checkpoint_when_long() {
    wal_.store(wal_pages_, std::memory_order_relaxed);
    const bool may_grow = wal_pages_ < checkpoint_pages &&
                          (is_awaited() || std::chrono::steady_clock::now() < run_until_);
    if (wal_pages_ < copied_at_)
        copied_at_ = 0; // it has begun anew
    if (wal_pages_ < checkpoint_pages_idle || may_grow ||
        wal_pages_ < copied_at_ + pages_between_checkpoints)
        return;
    copied_at_ = wal_pages_;
    fault_point("before checkpoint");
    int in_wal = 0, moved = 0;
    const int code = sqlite3_wal_checkpoint_v2(db_.getHandle(), nullptr, SQLITE_CHECKPOINT_PASSIVE,
                                               &in_wal, &moved);
    if (code != SQLITE_OK && code != SQLITE_BUSY)
        options_.complain(std::string("live.db: checkpoint: ") + sqlite3_errstr(code));
    fault_point("after checkpoint");
    checkpoints_.fetch_add(1, std::memory_order_relaxed);
}

void store::writer::answer(claim_request& request) {
    claimed out;
    const auto& f = request.flow;
    claim_.bind(f.pool, f.priority, f.source, request.now, request.limit,
                applier_.any_household() ? 1 : 0);
    while (claim_.row()) {
        int part_count = 0;
        out.messages.push_back(read_message(claim_, 0, part_count));
        auto& m = out.messages.back();
        m.household = static_cast<std::uint64_t>(claim_.number(message_column_count + 1));
        if (part_count > 1)
            parts_.read(m);
        if (m.coding == coding::email)
            m.phone = claim_.text(message_column_count);
        if (auto before = applier_.failed_over(m.id))
            out.failed_over.push_back(std::move(*before));
    }
    const instant after = out.messages.size() == request.limit
                              ? out.messages.back().due_at
                              : request.now + instant::duration(1); // all others were claimed
    next_due_.bind(f.pool, f.priority, f.source, after);
    if (next_due_.row())
        out.next_due = next_due_.time(0);
    next_due_.reset();
    options_.post(
        [then = std::move(request.then), out = std::move(out)]() mutable { then(std::move(out)); });
}

writer_figures store::writer::figures() const {
    return {.commits_begun = commits_begun_,
            .commits = commits_,
            .operations = operations_,
            .commit_micros = micros_,
            .wal_pages = wal_,
            .checkpoints = checkpoints_,
            .sealed_through = sealed_};
}

// The rest is what happens before the thread starts.

store::writer::writer(store_options options)
    : options_(std::move(options)),
      ballast_(options_.file.parent_path() / "ballast", options_.ballast), db_([&] {
          std::filesystem::create_directories(options_.file.parent_path());
          if (ballast_.disk_is_full()) // the file could not even be opened
              ballast_.give_up();
          auto db = open_database(options_.file, access::read_write, writer_cache_kib);
          migrate(db, options_.file);
          db.exec("PRAGMA synchronous = NORMAL"); // the syncer makes commits durable
          return db;
      }()),
      syncer_(options_.file.string() + "-wal"), tallies_(db_), ids_([&] {
          statement last(
              db_,
              "SELECT max(id) FROM (SELECT max(id) AS id FROM event UNION ALL "
              "SELECT max(id) FROM message UNION ALL SELECT max(id) FROM receipt UNION ALL "
              "SELECT max(id) FROM inbound UNION ALL SELECT max(id) FROM consent UNION ALL "
              "SELECT max(id) FROM late_receipt UNION ALL "
              "SELECT max(id) FROM refused UNION ALL SELECT max(id) FROM operation "
              "UNION ALL SELECT max(id) FROM timer_step "
              "UNION ALL SELECT max(id) FROM binding_log "
              "UNION ALL SELECT max(id) FROM subscription_log "
              "UNION ALL SELECT max(id) FROM publication UNION ALL SELECT max(id) FROM passed "
              "UNION ALL SELECT max(id) FROM contact_change "
              "UNION ALL SELECT max(id) FROM work_report "
              "UNION ALL SELECT max(last_event) FROM key_slice UNION ALL SELECT value FROM mark "
              "WHERE what='last id')");
          last.row();
          return id_source(last.number(0));
      }()),
      keys_(db_, options_.keys_per_slice, options_.history), applier_(db_, keys_, tallies_, ids_),
      parts_(db_), begin_(db_, "BEGIN IMMEDIATE"), commit_(db_, "COMMIT"),
      rollback_(db_, "ROLLBACK"), add_feedback_(db_, "INSERT INTO feedback VALUES(?,?,?)"),
      claim_(db_, "SELECT " + std::string(message_columns) + ", " + std::string(phone_of_letter) +
                      ", " + std::string(household_of_message) +
                      " FROM queue AS q CROSS JOIN message AS m ON m.id=q.message "
                      "WHERE q.pool=?1 AND q.priority=?2 AND q.source=?3 AND q.due_at<=?4 "
                      "ORDER BY q.due_at, q.message LIMIT ?5"),
      next_due_(db_,
                "SELECT due_at FROM queue WHERE pool=? AND priority=? AND source=? AND due_at>=? "
                "ORDER BY due_at LIMIT 1") {
    sqlite3_wal_hook(db_.getHandle(), note_wal_pages, &wal_pages_);
    statement seq(db_, "SELECT ifnull(max(seq), 0) FROM feedback");
    seq.row();
    feedback_seq_ = seq.number(0);
    sealed_ = keys_.sealed_through();
    short_of_space_ = !ballast_.take();
}

store::writer::~writer() { stop(); }

name_id store::writer::number_of(std::string_view kind, std::string_view name) {
    statement(db_, "INSERT OR IGNORE INTO name(kind, name) VALUES(?,?)").bind(kind, name).run();
    statement find(db_, "SELECT id FROM name WHERE kind=? AND name=?");
    find.bind(kind, name).row();
    return static_cast<name_id>(find.number(0));
}

instant store::writer::clock_noted() {
    statement noted(db_, "SELECT value FROM mark WHERE what='clock'");
    return noted.row() ? noted.time(0) : instant{};
}

std::vector<std::pair<name_id, std::string>> store::writer::names(std::string_view kind) {
    std::vector<std::pair<name_id, std::string>> out;
    statement all(db_, "SELECT id, name FROM name WHERE kind=? ORDER BY id");
    all.bind(kind);
    while (all.row())
        out.emplace_back(static_cast<name_id>(all.number(0)), all.text(1));
    return out;
}

} // namespace posthorn::store
