// The durable truth: live.db, one writer that commits in groups, and what it remembers at start.
//
//   callers ─submit(ops, done)─► inbox ─► BEGIN IMMEDIATE … COMMIT ─► fdatasync ─► done(outcomes)
//
// The writer never waits: it commits what has gathered, urgent first, then intents, while another
// thread makes the commit before it durable. submit() and claim() may be called from any thread; their callbacks
// run where `post` puts them, in the order of the commits.
#pragma once

#include "store/ops.hpp"
#include "store/tried_before.hpp"

#include <filesystem>
#include <functional>
#include <map>
#include <memory>
#include <span>

namespace posthorn::store {

struct store_options {
    std::filesystem::path file;                      // live.db
    std::filesystem::path history;                   // folder of the months; read at start only
    std::function<void(std::function<void()>)> post; // to the loop
    std::function<void(std::string_view)>
        complain;              // a commit that failed and is tried again; any thread
    std::function<void()> fed; // new feedback was committed; the writer's thread
    std::function<instant()> now;
    std::int64_t ballast = 0; // octets kept free for a full disk, in `ballast` beside the file
    std::size_t group = 2000; // operations in one commit at most
    std::size_t group_when_urgent = 300;
    std::size_t keys_per_slice = 50'000;
};

// A part that was left uncertain when the daemon stopped, with its whole message.
struct open_part {
    posthorn::message message;
    std::uint8_t n = 1;
    instant opened_at{};
};

struct unmatched_receipt {
    posthorn::id id = 0;
    add_receipt receipt;
};

struct late_part {
    name_id account = 0;
    std::string ref;
    posthorn::id message = 0;
    std::uint8_t n = 1;
};

struct submitted_before {
    name_id account = 0;
    std::string_view ref;
    posthorn::id message = 0;
    std::uint8_t n = 1, of = 1; // parts of its message
    name_id type = 0;
    instant at{}; // when it was accepted
};

struct flow_name { // messages of one priority from one source to one pool
    name_id pool = 0;
    posthorn::priority priority = posthorn::priority::normal;
    name_id source = 0;
    auto operator<=>(const flow_name&) const = default;
};

struct last_text {
    inbound_text text;
    // The carrier has answered what was sent after the acknowledgement: it has read that, if the
    // account has no other link (the store cannot tell).
    bool proven_by_one_link = false;
};

// What start finds. Parts that were `sending` have been made `uncertain` in the same breath.
struct recovered {
    std::vector<open_part> uncertain;
    std::vector<unmatched_receipt> receipts;
    std::vector<late_part> late;
    std::map<flow_name, instant> flows; // with queued messages: the earliest due
    struct paused {
        pause what;
        scope_numbers numbers;
    };
    std::vector<paused> pauses;
    std::vector<inbound_text> waiting_texts; // not yet handled, oldest first
    std::vector<last_text> last_texts;       // received in the minute before the newest
    std::vector<question> questions;
    std::vector<nuisance> nuisances;
    std::map<std::string, std::int64_t> tallies;
    // Entries of the ledger of consent by which a number is out of categories.
    std::int64_t opted_out = 0;
    std::function<void(std::function<void(std::uint64_t key, category_set categories,
                                          consent_way how, posthorn::id entry)>)>
        each_opted_out;
    // numbers that have a zone or preferred hours of their own
    std::function<void(std::function<void(std::string_view number, std::string_view zone,
                                          std::string_view hours)>)>
        each_with_times;
    std::vector<std::string> vulnerable; // accounts
    // texts that count against later ones
    std::function<void(std::function<void(const counted_text&)>)> each_counted;
    // texts that left for a household, each the last
    std::function<void(std::function<void(const cover&, posthorn::id message)>)> each_cover;
    // parts whose final receipt has come, the newest 100,000 or so, oldest first: the carrier may
    // repeat it
    std::function<void(std::function<void(name_id account, std::string_view ref,
                                          posthorn::id message, std::uint8_t n)>)>
        each_answered;
    // every submitted part, one at a time: there may be many
    std::function<void(std::function<void(const submitted_before&)>)> each_submitted;
    // parts that accounts had of texts which have gone by another one since
    std::vector<late_part> failed_over;
};

struct claimed {
    std::vector<posthorn::message> messages; // still queued; parts that already left are included
    instant next_due{};                      // of what remains; 0: nothing remains
    std::vector<tried_before> failed_over;   // those of them that are, in their order
};

struct writer_figures {             // since start
    std::int64_t commits_begun = 0; // also those that failed
    std::int64_t commits = 0, operations = 0, commit_micros = 0, wal_pages = 0, checkpoints = 0;
    std::int64_t sealed_through = 0; // events up to this id may leave live.db
};

// Once per process, before any store is opened.
void configure();

class store {
public:
    // Opens or creates, migrates, recovers. Throws std::runtime_error saying what, where and what
    // to do.
    explicit store(store_options options);
    ~store(); // stop()

    // The stable number of a name. Only before start().
    name_id number_of(std::string_view kind, std::string_view name);
    std::vector<std::pair<name_id, std::string>> names(std::string_view kind);
    // Its version. Only before start().
    std::int64_t keep(const keep_wording& wording);

    recovered recover(instant now); // once, before start()
    void start();
    // Everything submitted is committed, callbacks posted, files closed.
    void stop();

    using done = std::function<void(std::span<const outcome>)>;
    void submit(std::vector<op> ops, done then = {}, bool urgent = false);

    // The next messages of a flow that are due, oldest first.
    void claim(flow_name flow, instant now, std::size_t limit, std::function<void(claimed)> then);

    // Makes live.db-wal empty, so that nothing stays in it of what was erased. False, soon: somebody
    // reads what stands there, or the disk is in the way.
    void empty_log(std::function<void(bool)> then);

    std::size_t backlog() const; // operations not yet committed
    writer_figures figures() const;
    // The disk is full: what is submitted is recorded as long as the ballast lasts.
    bool short_of_space() const;
    // The last note_clock of earlier processes; before start().
    instant clock_noted();

private:
    class writer;
    std::unique_ptr<writer> writer_;
};

} // namespace posthorn::store
