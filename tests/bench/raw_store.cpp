// How fast plain SQLite writes the rows of a run of posthornd, with nothing around it: the measure
// of what our own code costs. Links only SQLite.
//
//     raw_store RUN INTO OPERATIONS LAG ARCHIVED
//
//   RUN         var/ of a finished run: live.db, history/*.db, result/bench.db
//   INTO        an empty folder for the same files again
//   OPERATIONS  in one commit of live.db, as the run had
//   LAG         messages that left between one and its receipt, as the run had
//   ARCHIVED    messages that reached history while the run was measured; the rest is not timed
//
// One thread, prepared statements, one transaction per commit and file, the run's own durability
// (FULL, but NORMAL where everything can be told again: outbox and results). A life is: outbox row
// read and deleted, event, message, parts, intent, response, receipt, key, feedback, result,
// history. Rows of the queue are left out, in SQLite's favour. Prints JSON.
#include "raw_sqlite.hpp"

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <cstdio>
#include <filesystem>
#include <span>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

namespace {

using namespace bench;

constexpr std::size_t keys_per_commit = 300, keys_per_slice = 50'000;
constexpr std::size_t outbox_read = 256, outbox_delete = 500, copied_at_once = 1'000;
constexpr std::size_t results_at_once = 5'000;
constexpr double operations_per_life = (2 * 3 + 5) / 3.0; // every third text has two parts

// The same tables and indexes as in the run's file.
void copy_schema(const database& from, database& to) {
    statement s(from, "SELECT sql FROM sqlite_schema WHERE sql IS NOT NULL "
                      "AND name NOT LIKE 'sqlite_%' ORDER BY rowid");
    while (s.row())
        to.run(reinterpret_cast<const char*>(sqlite3_column_text(s.handle(), 0)));
}

// Columns of `message` and `part` that are told later, or are known only then (0-based).
enum message_column {
    m_id = 0,
    m_event = 1,
    m_parts = 4,
    m_final_at = 18,
    m_submitted = 24,
    m_ref
};
enum part_column { p_message = 0, p_n = 1, p_submitted = 6, p_ref = 7 };
constexpr std::int64_t sending = 1, submitted = 2, delivered = 3;

struct finished_run {
    explicit finished_run(const fs::path& folder, const fs::path& month)
        : live(folder / "live.db", true), history(month, true),
          result(folder / "result" / "bench.db", false),
          events(history, "SELECT * FROM event ORDER BY id"),
          messages(history, "SELECT * FROM message ORDER BY id"),
          parts(history, "SELECT * FROM part ORDER BY message, n"),
          keys(live, "SELECT * FROM key ORDER BY slice, source, key"),
          slices(live, "SELECT * FROM key_slice ORDER BY slice"),
          results(result, "SELECT * FROM result_row ORDER BY id") {
        if (events.size() != messages.size() || messages.size() != results.size())
            throw std::runtime_error("the run is not finished: history and results differ");
        std::size_t p = 0;
        for (std::size_t m = 0; m < messages.size(); ++m) {
            first_part.push_back(p);
            while (p < parts.size() && parts.number(p, p_message) == messages.number(m, m_id))
                ++p;
        }
        first_part.push_back(p);
    }
    database live, history, result;
    rows events, messages, parts, keys, slices, results;
    std::vector<std::size_t> first_part; // of each message, and one behind the last
};

class raw_store {
public:
    raw_store(const finished_run& run, const fs::path& into)
        : run_(run), outbox_(into / "outbox.db", false), live_(into / "live.db", true),
          history_(into / "history.db", true), result_(into / "result.db", false) {
        copy_schema(run.live, live_);
        copy_schema(run.history, history_);
        copy_schema(run.result, result_);
        fill_outbox();
    }

    // Every life, as far as its receipt; `archived` of them into history, too.
    void live_through(std::size_t per_commit, std::size_t lag, std::size_t archived);
    // The rest of the way into history, so that the rows can be compared.
    void finish();

    std::int64_t commits = 0;
    std::int64_t rows_changed = 0; // in live.db

private:
    struct statements;

    void fill_outbox();
    void add(statements& s, std::size_t m);
    void accept(statements& s, std::size_t m);
    void deliver(statements& s, std::size_t m);
    void refold(statements& s, std::size_t m, std::int64_t state, std::int64_t final_at);
    void seal_keys(statements& s, std::size_t added);
    void finish_commit(statements& s);
    void tell_results(statements& s, std::size_t through);
    void archive(statements& s, std::size_t through);
    void forget(statements& s, std::size_t through);
    void delete_outbox(statements& s, std::size_t through);

    const finished_run& run_;
    database outbox_, live_, history_, result_;
    std::size_t read_ = 0, deleted_ = 0, told_ = 0, archived_ = 0, forgotten_ = 0;
    std::size_t sealed_ = 0, slice_ = 0;
    std::int64_t feedback_ = 0;
    std::string changes_;
};

struct raw_store::statements {
    explicit statements(raw_store& o)
        : begin(o.live_, "BEGIN IMMEDIATE"),
          read(o.outbox_, "SELECT * FROM outbox WHERE id > ? ORDER BY id LIMIT ?"),
          erase(o.outbox_, "DELETE FROM outbox WHERE id = ?"),
          event(o.live_, "INSERT INTO event VALUES(?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,1,NULL)"),
          message(o.live_, "INSERT INTO message VALUES(?1,?2,1,1,?5,?6,?7,?8,?9,?10,?11,?12,?13,"
                           "?14,?15,?16,?17,?18,0,'',iif(?5=1,1,NULL),?22,?23,?24,0,'','','',1)"),
          part(o.live_, "INSERT INTO part VALUES(?1,?2,1,?4,?5,?6,0,'','','',?11)"),
          accept_single(o.live_, "UPDATE message SET part_state=3, version=version+1, state=2, "
                                 "ref=?2, submitted_at=?3 WHERE id=?1 AND parts=1 AND attempts=1 "
                                 "AND part_state IN (1,2)"),
          deliver_single(o.live_, "UPDATE message SET part_state=4, version=version+1, state=3, "
                                  "final_at=?2 WHERE id=?1 AND parts=1 AND part_state IN (1,2,3)"),
          accept_part(o.live_, "UPDATE part SET part_state=3, ref=?3, submitted_at=?4 "
                               "WHERE message=?1 AND n=?2 AND part_state IN (1,2)"),
          deliver_part(o.live_, "UPDATE part SET part_state=4 WHERE message=?1 AND n=?2 "
                                "AND part_state IN (1,2,3)"),
          folded(o.live_, "SELECT state, due_at FROM message WHERE id=?"),
          states(o.live_, "SELECT n, part_state, attempts FROM part WHERE message=? ORDER BY n"),
          refold(o.live_,
                 "UPDATE message SET state=?2, version=version+1, final_at=?3 WHERE id=?1"),
          key(o.live_, "INSERT INTO key VALUES(?,?,?,?,?,?)"),
          key_slice(o.live_, "INSERT INTO key_slice VALUES(?,?,?,?,?)"),
          feedback(o.live_, "INSERT INTO feedback VALUES(?,0,?)"),
          forget_feedback(o.live_, "DELETE FROM feedback WHERE seq<=?"),
          tally(o.live_, "INSERT INTO tally VALUES(?1,?2) ON CONFLICT(what) DO UPDATE SET n=n+?2"),
          forget_message(o.live_, "DELETE FROM message WHERE id=?"),
          forget_parts(o.live_, "DELETE FROM part WHERE message=?"),
          forget_event(o.live_, "DELETE FROM event WHERE id=?"),
          result(o.result_, "INSERT INTO result_row VALUES(?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?) "
                            "ON CONFLICT(id) DO NOTHING"),
          old_event(o.history_,
                    "INSERT OR REPLACE INTO event VALUES(?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?)"),
          old_message(o.history_, "INSERT OR REPLACE INTO message VALUES(?,?,?,?,?,?,?,?,?,?,?,?,?,"
                                  "?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?)"),
          old_part(o.history_, "INSERT OR REPLACE INTO part VALUES(?,?,?,?,?,?,?,?,?,?,?)") {}
    statement begin, read, erase, event, message, part, accept_single, deliver_single, accept_part,
        deliver_part, folded, states, refold, key, key_slice, feedback, forget_feedback, tally,
        forget_message, forget_parts, forget_event, result, old_event, old_message, old_part;
};

// What the source had written, before the clock starts.
void raw_store::fill_outbox() {
    outbox_.run(
        "CREATE TABLE outbox(id INTEGER PRIMARY KEY AUTOINCREMENT, type TEXT, key TEXT, "
        "run TEXT, subject TEXT, to_kind TEXT, to_ref TEXT, data TEXT, occurred_at INTEGER, "
        "not_before INTEGER, expires_at INTEGER, created_at INTEGER); BEGIN");
    statement insert(outbox_, "INSERT INTO outbox VALUES(?,?,?,?,?,?,?,?,?,?,?,?)");
    for (std::size_t m = 0; m < run_.events.size(); ++m) {
        constexpr int of_event[] = {2, 5, 3, 6, 7, 8, 9, 10};
        insert.bind(1, run_.events.number(m, of_event[0]));
        for (int c = 1; c < 8; ++c)
            insert.bind(c + 1, run_.events.text(m, of_event[c]));
        insert.bind(12, run_.events.number(m, 14)).run();
    }
    outbox_.run("COMMIT; PRAGMA wal_checkpoint(TRUNCATE)");
}

void raw_store::add(statements& s, std::size_t m) {
    run_.events.bind(s.event, m);
    s.event.run();
    run_.messages.bind(s.message, m);
    s.message.run();
    for (auto p = run_.first_part[m]; p < run_.first_part[m + 1]; ++p) {
        run_.parts.bind(s.part, p);
        s.part.run();
    }
    changes_.append(9, 'a');
}

// A long message is folded again after each of its parts.
void raw_store::refold(statements& s, std::size_t m, std::int64_t state, std::int64_t final_at) {
    const auto id = run_.messages.number(m, m_id);
    s.folded.bind(1, id).run();
    s.states.bind(1, id).run();
    s.refold.bind(1, id).bind(2, state).bind(3, final_at).run();
    changes_.append(9, 'f');
}

void raw_store::accept(statements& s, std::size_t m) {
    const auto& all = run_.messages;
    if (all.number(m, m_parts) == 1) {
        s.accept_single.bind(1, all.number(m, m_id)).bind(2, all.text(m, m_ref));
        s.accept_single.bind(3, all.number(m, m_submitted)).run();
        changes_.append(9, 's');
        return;
    }
    for (auto p = run_.first_part[m]; p < run_.first_part[m + 1]; ++p) {
        s.accept_part.bind(1, all.number(m, m_id)).bind(2, run_.parts.number(p, p_n));
        s.accept_part.bind(3, run_.parts.text(p, p_ref)).bind(4, run_.parts.number(p, p_submitted));
        s.accept_part.run();
        refold(s, m, p + 1 == run_.first_part[m + 1] ? submitted : sending, 0);
    }
}

void raw_store::deliver(statements& s, std::size_t m) {
    const auto& all = run_.messages;
    const auto final_at = all.number(m, m_final_at);
    if (all.number(m, m_parts) == 1) {
        s.deliver_single.bind(1, all.number(m, m_id)).bind(2, final_at).run();
        changes_.append(9, 'd');
        return;
    }
    for (auto p = run_.first_part[m]; p < run_.first_part[m + 1]; ++p) {
        s.deliver_part.bind(1, all.number(m, m_id)).bind(2, run_.parts.number(p, p_n)).run();
        const bool last = p + 1 == run_.first_part[m + 1];
        refold(s, m, last ? delivered : submitted, last ? final_at : 0);
    }
}

// Keys in slices, each once all of its events are there.
void raw_store::seal_keys(statements& s, std::size_t added) {
    for (std::size_t n = 0; n < keys_per_commit && sealed_ < run_.keys.size(); ++n) {
        if (added < (slice_ + 1) * keys_per_slice)
            return;
        run_.keys.bind(s.key, sealed_).run();
        ++sealed_;
        const bool last = sealed_ == run_.keys.size() ||
                          run_.keys.number(sealed_, 0) != run_.keys.number(sealed_ - 1, 0);
        if (!last)
            continue;
        run_.slices.bind(s.key_slice, slice_++).run();
    }
}

void raw_store::finish_commit(statements& s) {
    sqlite3_bind_blob(s.feedback.bind(1, ++feedback_).handle(), 2, changes_.data(),
                      static_cast<int>(changes_.size()), SQLITE_STATIC);
    s.feedback.run();
    for (const auto* what : {"delivered", "events", "messages"})
        s.tally.bind(1, what).bind(2, 1).run();
    changes_.clear();
    live_.commit();
    rows_changed = sqlite3_total_changes(live_.handle());
    ++commits;
}

void raw_store::tell_results(statements& s, std::size_t through) {
    result_.run("BEGIN IMMEDIATE");
    for (; told_ < through; ++told_)
        run_.results.bind(s.result, told_).run();
    result_.commit();
}

void raw_store::archive(statements& s, std::size_t through) {
    history_.run("BEGIN IMMEDIATE");
    for (; archived_ < through; ++archived_) {
        run_.messages.bind(s.old_message, archived_).run();
        run_.events.bind(s.old_event, archived_).run();
        for (auto p = run_.first_part[archived_]; p < run_.first_part[archived_ + 1]; ++p)
            run_.parts.bind(s.old_part, p).run();
    }
    history_.commit();
}

void raw_store::delete_outbox(statements& s, std::size_t through) {
    outbox_.run("BEGIN IMMEDIATE");
    for (; deleted_ < through; ++deleted_)
        s.erase.bind(1, run_.events.number(deleted_, 2)).run();
    outbox_.commit();
}

void raw_store::forget(statements& s, std::size_t through) {
    if (forgotten_ == through)
        return;
    for (; forgotten_ < through; ++forgotten_) {
        s.forget_message.bind(1, run_.messages.number(forgotten_, m_id)).run();
        if (run_.messages.number(forgotten_, m_parts) > 1)
            s.forget_parts.bind(1, run_.messages.number(forgotten_, m_id)).run();
        s.forget_event.bind(1, run_.messages.number(forgotten_, m_event)).run();
    }
    s.forget_feedback.bind(1, feedback_ - 1).run();
}

void raw_store::finish() {
    statements s(*this);
    const auto all = run_.messages.size();
    archive(s, all);
    s.begin.run();
    forget(s, all);
    while (sealed_ < run_.keys.size())
        seal_keys(s, all);
    finish_commit(s);
}

// Commits of the run's size, in which new messages, responses to the ones before and receipts for
// those of `lag` ago stand together.
void raw_store::live_through(std::size_t per_commit, std::size_t lag, std::size_t archived) {
    statements s(*this);
    const auto all = run_.messages.size();
    std::size_t added = 0, accepted = 0, done = 0;
    while (done < all) {
        const auto before = added, fresh = std::min(all, added + per_commit);
        for (; read_ < fresh; read_ += outbox_read)
            s.read.bind(1, run_.events.number(read_, 2) - 1).bind(2, outbox_read).run();
        s.begin.run();
        seal_keys(s, added);
        for (; added < fresh; ++added)
            add(s, added);
        for (; accepted < before; ++accepted)
            accept(s, accepted);
        const auto due = accepted == all ? all : accepted - std::min(accepted, lag);
        for (const auto last = std::min(due, done + per_commit); done < last; ++done)
            deliver(s, done);
        forget(s, std::min(archived_, forgotten_ + per_commit));
        finish_commit(s);
        if (deleted_ + outbox_delete <= added || added == all)
            delete_outbox(s, std::min(added, deleted_ + outbox_delete));
        if (told_ + results_at_once <= done || done == all)
            tell_results(s, done);
        if (archived_ < archived && archived_ + copied_at_once <= told_)
            archive(s, std::min(archived, archived_ + copied_at_once));
    }
    while (deleted_ < all)
        delete_outbox(s, std::min(all, deleted_ + outbox_delete));
}

std::int64_t count(const database& in, const std::string& table) {
    statement s(in, "SELECT count(*) FROM " + table);
    s.row();
    return sqlite3_column_int64(s.handle(), 0);
}

fs::path only_month(const fs::path& folder) {
    std::vector<fs::path> found;
    for (const auto& entry : fs::directory_iterator(folder))
        if (entry.path().extension() == ".db")
            found.push_back(entry.path());
    if (found.size() != 1)
        throw std::runtime_error(folder.string() + " does not have exactly one month");
    return found.front();
}

int compare(const finished_run& run, const fs::path& into, double seconds, const raw_store& made) {
    struct table {
        const char* file;
        const char* name;
        const database& there;
    };
    std::string rows;
    bool same = true;
    for (const auto& t :
         {table{"history.db", "event", run.history}, table{"history.db", "message", run.history},
          table{"history.db", "part", run.history}, table{"live.db", "key", run.live},
          table{"live.db", "key_slice", run.live}, table{"live.db", "message", run.live},
          table{"result.db", "result_row", run.result}}) {
        const auto here = count(database(into / t.file, false), t.name);
        const auto there = count(t.there, t.name);
        same = same && here == there;
        rows += std::string(rows.empty() ? "" : ",") + "\"" + t.file + " " + t.name + "\":[" +
                std::to_string(here) + "," + std::to_string(there) + "]";
    }
    const auto messages = static_cast<double>(run.messages.size());
    std::printf("{\"messages\":%.0f,\"seconds\":%.3f,\"per_second\":%.0f,\"commits\":%lld,"
                "\"live_rows_per_commit\":%.1f,\"same_rows\":%s,\"rows\":{%s}}\n",
                messages, seconds, messages / seconds, static_cast<long long>(made.commits),
                static_cast<double>(made.rows_changed) / static_cast<double>(made.commits),
                same ? "true" : "false", rows.c_str());
    return same ? 0 : 1;
}

} // namespace

int main(int argc, char** argv) try {
    if (argc != 6) {
        std::fputs("usage: raw_store RUN INTO OPERATIONS LAG ARCHIVED\n", stderr);
        return 2;
    }
    const std::span words(argv, static_cast<std::size_t>(argc));
    const fs::path folder = words[1], into = words[2];
    const finished_run run(folder, only_month(folder / "history"));
    const auto per_commit = std::max(1.0, std::stod(words[3]) / operations_per_life);
    raw_store made(run, into);
    const auto began = std::chrono::steady_clock::now();
    made.live_through(static_cast<std::size_t>(per_commit), std::stoul(words[4]),
                      std::stoul(words[5]));
    const std::chrono::duration<double> took = std::chrono::steady_clock::now() - began;
    made.finish();
    return compare(run, into, took.count(), made);
} catch (const std::exception& e) {
    std::fprintf(stderr, "raw_store: %s\n", e.what());
    return 1;
}
