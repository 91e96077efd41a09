// The writer as its callers see it: groups, order, recovery, a full disk.
#include "store/store.hpp"

#include "store/feedback.hpp"
#include "store/live_db.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <atomic>
#include <condition_variable>
#include <deque>
#include <mutex>

#include <sys/mount.h>

namespace store_test {

using namespace posthorn;
using namespace posthorn::store;
using namespace live_db;
using code = outcome::code;
using namespace std::chrono_literals;

namespace {

// Callbacks run where the test waits.
struct bench {
    explicit bench(std::filesystem::path where, std::size_t keys_per_slice = 50,
                   std::int64_t ballast = 0)
        : file(std::move(where)), live({.file = file,
                                        .history = file.parent_path() / "history",
                                        .post =
                                            [this](auto f) {
                                                const std::lock_guard lock(lock_);
                                                posted_.push_back(std::move(f));
                                                arrived_.notify_one();
                                            },
                                        .complain =
                                            [this](auto) {
                                                const std::lock_guard lock(lock_);
                                                ++complaints;
                                                arrived_.notify_one();
                                            },
                                        .now = [] { return start_of_time; },
                                        .ballast = ballast,
                                        .group = 40,
                                        .keys_per_slice = keys_per_slice}) {}
    ~bench() { live.stop(); }

    recovered begin() {
        auto found = live.recover(start_of_time);
        live.start();
        return found;
    }
    template <class Ready>
    void run_until(Ready ready) {
        while (!ready()) {
            std::unique_lock lock(lock_);
            arrived_.wait(lock, [&] { return !posted_.empty() || complaints > 0; });
            if (posted_.empty()) {
                lock.unlock();
                if (ready())
                    return;
                lock.lock();
                arrived_.wait(lock, [&] { return !posted_.empty(); });
            }
            auto f = std::move(posted_.front());
            posted_.pop_front();
            lock.unlock();
            f();
        }
    }
    std::vector<outcome> run(std::vector<op> ops, bool urgent = false) {
        std::vector<outcome> out;
        bool done = false;
        live.submit(
            std::move(ops),
            [&](auto outcomes) {
                out.assign(outcomes.begin(), outcomes.end());
                done = true;
            },
            urgent);
        run_until([&] { return done; });
        return out;
    }
    claimed claim(instant now, std::size_t limit) {
        claimed out;
        bool done = false;
        live.claim({3, priority::normal, 1}, now, limit, [&](claimed c) {
            out = std::move(c);
            done = true;
        });
        run_until([&] { return done; });
        return out;
    }

    std::filesystem::path file;
    std::atomic<int> complaints{0};
    std::mutex lock_;
    std::condition_variable arrived_;
    std::deque<std::function<void()>> posted_;
    store::store live;
};

add_event adding(int row, std::size_t parts = 1, part_state s = part_state::queued,
                 duration later = {}) {
    add_event o{
        .event = make_event("k" + std::to_string(row), row, 1), .source = 1, .at = start_of_time};
    o.message = make_message(parts, s);
    o.message.account = s == part_state::queued ? 0 : 5;
    o.message.due_at += later;
    return o;
}

std::vector<op> one(op o) {
    std::vector<op> out;
    out.push_back(std::move(o));
    return out;
}

} // namespace

TEST_CASE("store: callbacks come in the order of the commits, urgent before what waits") {
    scratch_folder folder;
    bench b(folder / "live.db");
    std::vector<int> order;
    for (int i = 0; i < 100; ++i)
        b.live.submit(one(adding(i)), [&order, i](auto) { order.push_back(i); });
    b.live.submit(
        one(adding(1000)), [&order](auto) { order.push_back(1000); }, true);
    b.begin();
    b.run_until([&] { return order.size() == 101; });
    CHECK(order.front() == 1000);
    for (std::size_t i = 1; i < order.size(); ++i)
        CHECK(order[i] == static_cast<int>(i) - 1);
    CHECK(b.live.figures().commits < 20); // in groups
    CHECK(b.live.backlog() == 0);
}

TEST_CASE("store: a claim brings what is due, oldest first, and says when the rest is") {
    scratch_folder folder;
    bench b(folder / "live.db");
    b.begin();
    b.run(one(adding(1, 1, part_state::queued, 2s)));
    b.run(one(adding(2, 2)));
    b.run(one(adding(3, 1, part_state::queued, 1h)));
    b.run(one(adding(4, 1, part_state::sending)));
    auto c = b.claim(start_of_time + 10s, 10);
    REQUIRE(c.messages.size() == 2);
    CHECK(c.messages[0].parts.size() == 2);
    CHECK(c.messages[0].parts[1].octets == "octets 2");
    CHECK(c.messages[1].due_at == start_of_time + 2s);
    CHECK(c.next_due == start_of_time + 1h);
    c = b.claim(start_of_time + 10s, 1);
    CHECK(c.messages.size() == 1);
    CHECK(c.next_due <= start_of_time + 2s);
    CHECK(c.next_due != instant{});
}

TEST_CASE("store: start finds what was open, and calls what was sending uncertain") {
    scratch_folder folder;
    id single = 0, several = 0, accepted = 0;
    {
        bench b(folder / "live.db");
        b.begin();
        single = b.run(one(adding(1, 1, part_state::sending)))[0].message;
        several = b.run(one(adding(2, 3, part_state::sending)))[0].message;
        accepted = b.run(one(adding(3, 1, part_state::sending)))[0].message;
        b.run(one(adding(4)));
        b.run(one(adding(5, 1, part_state::queued, 1h)));
        tell_part t{.message = accepted,
                    .attempts = 1,
                    .what = part_event::accept,
                    .ref = "A",
                    .at = start_of_time};
        b.run(one(t));
        t.message = several;
        t.single = false;
        t.n = 2;
        t.ref = "B";
        b.run(one(t));
        b.run(
            one(add_receipt{.account = 5, .ref = "Z", .recipient = "86138", .at = start_of_time}));
    }
    for (const int start : {1, 2}) { // the second start finds the same
        CAPTURE(start);
        bench b(folder / "live.db");
        const auto found = b.begin();
        REQUIRE(found.uncertain.size() == 3);
        CHECK(found.uncertain[0].message.id == single);
        CHECK(found.uncertain[0].message.parts.at(0).state == part_state::uncertain);
        CHECK(found.uncertain[1].message.id == several);
        CHECK(found.uncertain[1].n == 1);
        CHECK(found.uncertain[2].n == 3);
        CHECK(found.uncertain[2].message.parts.at(2).octets == "octets 3");
        REQUIRE(found.receipts.size() == 1);
        CHECK(found.receipts[0].receipt.ref == "Z");
        CHECK(found.flows ==
              std::map<flow_name, instant>{{{3, priority::normal, 1}, start_of_time}});
        CHECK(found.tallies.at("messages") == 5);
        b.live.stop();
        SQLite::Database db = open_database(folder / "live.db", access::read_only);
        CHECK(joined(audit(db)) == "");
        CHECK(number(db, "SELECT count(*) FROM attempt") == 3);
    }
    bench b(folder / "live.db");
    const auto found = b.live.recover(start_of_time);
    std::map<std::string, std::pair<id, int>> refs;
    found.each_submitted([&](const submitted_before& p) {
        CHECK(p.account == 5);
        refs[std::string(p.ref)] = {p.message, p.n};
    });
    CHECK(refs ==
          std::map<std::string, std::pair<id, int>>{{"A", {accepted, 1}}, {"B", {several, 2}}});
}

TEST_CASE("store: keys sealed by the running writer are known after restarts in the middle") {
    scratch_folder folder;
    for (int start = 0; start < 6; ++start) {
        bench b(folder / "live.db");
        b.begin();
        for (int i = 0; i < 150; i += 5) {
            std::vector<op> ops;
            for (int j = i; j < i + 5; ++j)
                ops.emplace_back(adding(start * 150 + j));
            for (const auto& o : b.run(std::move(ops)))
                CHECK(o.what == code::applied);
        }
        std::size_t known = 0;
        for (int i = 0; i < (start + 1) * 150; ++i) {
            auto again = adding(i);
            again.event.outbox_id += 100'000;
            known += b.run(one(again))[0].what == code::duplicate;
        }
        CHECK(known == static_cast<std::size_t>(start + 1) * 150);
    }
}

TEST_CASE("store: ids never go back, not even when what had the highest has left") {
    scratch_folder folder;
    id highest = 0;
    {
        bench b(folder / "live.db");
        b.begin();
        const auto out = b.run(one(adding(1, 1, part_state::sending)))[0];
        b.run(one(
            tell_part{.message = out.message, .what = part_event::deliver, .at = start_of_time}));
        forget o;
        o.messages.push_back({out.message, out.event, 2, false, false});
        b.run(one(o));
        b.run(one(add_inbound{.text = {.account = 5, .at = start_of_time}, .settled = {}}));
        highest = out.message;
    }
    bench b(folder / "live.db");
    b.begin();
    CHECK(b.run(one(adding(2)))[0].event > highest);
    b.run(one(add_inbound{.text = {.account = 5, .at = start_of_time}, .settled = {}}));
    SQLite::Database db = open_database(folder / "live.db", access::read_only);
    CHECK(number(db, "SELECT count(*) FROM inbound") == 2);
}

TEST_CASE("store: a full disk stops the writer and loses nothing") {
    scratch_folder folder;
    const auto small = folder / "small";
    std::filesystem::create_directory(small);
    if (::mount("tmpfs", small.c_str(), "tmpfs", 0, "size=1536k") != 0) {
        MESSAGE("skipped: needs root and a kernel that lets it mount a small tmpfs");
        return;
    }
    std::vector<code> outcomes(400, code::stale);
    std::size_t told = 0;
    {
        bench b(small / "live.db");
        b.begin();
        for (std::size_t i = 0; i < 200; ++i) {
            auto o = adding(static_cast<int>(i));
            o.parked = "unknown type";
            o.event.data = std::string(2000, 'x');
            b.live.submit(one(o), [&, i](auto out) { outcomes[i] = out[0].what, ++told; });
        }
        for (std::size_t i = 0; i < 200;
             ++i) { // replaces the parked one, most of them on a full disk
            auto o = adding(static_cast<int>(i));
            o.event.outbox_id += 1000;
            o.event.content_hash = 2;
            o.event.data = std::string(3000, 'y');
            b.live.submit(one(o), [&, i](auto out) { outcomes[200 + i] = out[0].what, ++told; });
        }
        b.run_until([&] { return b.complaints > 0 || told == 400; });
        CHECK(b.complaints > 0);
        CHECK(told < 400);
        CHECK(::mount("tmpfs", small.c_str(), "tmpfs", MS_REMOUNT, "size=64m") == 0);
        b.run_until([&] { return told == 400; });
        CHECK(std::ranges::count(outcomes, code::applied) == 400);
        b.live.stop();
        SQLite::Database db = open_database(b.file, access::read_only);
        CHECK(joined(audit(db)) == "");
        CHECK(number(db, "SELECT count(*) FROM message") == 200);
        CHECK(number(db, "SELECT count(*) FROM event WHERE outbox_id > 1000") > 198);
    }
    ::umount2(small.c_str(), MNT_DETACH);
}

TEST_CASE("store: on a full disk the ballast lets what must be recorded through") {
    scratch_folder folder;
    const auto small = folder / "small";
    std::filesystem::create_directory(small);
    if (::mount("tmpfs", small.c_str(), "tmpfs", 0, "size=4m") != 0) {
        MESSAGE("skipped: needs root and a kernel that lets it mount a small tmpfs");
        return;
    }
    {
        bench b(small / "live.db", 50, 2 << 20);
        b.begin();
        CHECK_FALSE(b.live.short_of_space());
        CHECK(std::filesystem::file_size(small / "ballast") == 2 << 20);
        std::size_t told = 0, sent = 0;
        for (; b.complaints == 0 && sent < 2000; ++sent) {
            auto o = adding(static_cast<int>(sent));
            o.event.data = std::string(5000, 'x');
            b.live.submit(one(o), [&](auto) { ++told; });
            b.run_until([&] { return b.complaints > 0 || told == sent + 1; });
        }
        CHECK(sent < 2000);
        CHECK(b.live.short_of_space());
        CHECK_FALSE(std::filesystem::exists(small / "ballast"));
        CHECK(b.run(one(add_inbound{.text = {.account = 5, .text = "stored", .at = start_of_time},
                                    .settled = {}}))[0]
                  .what == code::applied);
        CHECK(told == sent);
        CHECK(::mount("tmpfs", small.c_str(), "tmpfs", MS_REMOUNT, "size=64m") == 0);
        b.complaints = 0;
        b.run_until([&] { return b.complaints > 0; }); // it says that there is room again
        CHECK_FALSE(b.live.short_of_space());
    }
    ::umount2(small.c_str(), MNT_DETACH);
}

TEST_CASE("store: the time that was noted last is known to the next process") {
    scratch_folder folder;
    {
        bench b(folder / "live.db");
        CHECK(b.live.clock_noted() == instant{});
        b.begin();
        b.run(one(note_clock{start_of_time}));
    }
    bench b(folder / "live.db");
    CHECK(b.live.clock_noted() == start_of_time);
}

} // namespace store_test
