#include "store/outbox.hpp"

#include "store/network_mount.hpp"

#include <doctest/doctest.h>
#include <sqlite3.h>

#include <grp.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <set>
#include <string>
#include <thread>

namespace outbox_test {

using namespace posthorn;
using namespace posthorn::store;
using namespace std::chrono_literals;

namespace {

namespace fs = std::filesystem;

class scratch {
public:
    scratch() {
        std::string name = (fs::temp_directory_path() / "posthorn-outbox-XXXXXX").string();
        REQUIRE(::mkdtemp(name.data()) != nullptr);
        folder_ = name;
    }
    ~scratch() { fs::remove_all(folder_); }
    scratch(const scratch&) = delete;
    scratch& operator=(const scratch&) = delete;
    fs::path operator/(const char* name) const { return folder_ / name; }
    const fs::path& folder() const { return folder_; }

private:
    fs::path folder_;
};

// A connection of somebody else, without any of our care.
class stranger {
public:
    explicit stranger(const fs::path& file) {
        REQUIRE(sqlite3_open(file.c_str(), &db_) == SQLITE_OK);
        sqlite3_busy_timeout(db_, 10'000);
    }
    ~stranger() { sqlite3_close(db_); }
    stranger(const stranger&) = delete;
    stranger& operator=(const stranger&) = delete;
    int operator()(const std::string& sql) {
        return sqlite3_exec(db_, sql.c_str(), nullptr, nullptr, nullptr);
    }

private:
    sqlite3* db_ = nullptr;
};

event bill(const std::string& key) {
    event e;
    e.type = "bill.issued";
    e.key = key;
    e.to_kind = "number";
    e.to_ref = "13800138000";
    e.data = R"({"amount":"1.00"})";
    return e;
}

std::vector<std::string> keys_of(const std::vector<outbox_row>& rows) {
    std::vector<std::string> keys;
    for (const auto& row : rows)
        keys.push_back(row.event.key);
    return keys;
}

outbox opened(const fs::path& file) {
    outbox box("billing", file);
    const bool open = box.open();
    CAPTURE(box.problem());
    REQUIRE(open);
    return box;
}

} // namespace

TEST_CASE("store: what is inserted into an outbox is read as it was written") {
    const scratch dir;
    outbox::create(dir / "billing.db");
    auto box = opened(dir / "billing.db");
    auto e = bill("B-1");
    e.run = "2026-11";
    e.subject = "meter 7";
    e.occurred_at = from_micros(1);
    e.not_before = from_micros(2);
    e.expires_at = from_micros(3);
    e.created_at = from_micros(4);
    std::vector<event> rows{e, bill("B-2")};
    box.insert(rows);
    CHECK(rows[0].outbox_id == 1);
    CHECK(rows[1].outbox_id == 2);

    const auto read = box.read(0, 10);
    REQUIRE(read.size() == 2);
    CHECK(read[0].problem.empty());
    const auto& r = read[0].event;
    CHECK(r.source == "billing");
    CHECK(r.outbox_id == 1);
    CHECK(r.key == "B-1");
    CHECK(r.type == e.type);
    CHECK(r.run == e.run);
    CHECK(r.subject == e.subject);
    CHECK(r.to_kind == e.to_kind);
    CHECK(r.to_ref == e.to_ref);
    CHECK(r.data == e.data);
    CHECK(r.occurred_at == e.occurred_at);
    CHECK(r.not_before == e.not_before);
    CHECK(r.expires_at == e.expires_at);
    CHECK(r.created_at == e.created_at);
    CHECK(read[1].event.not_before == instant{});
    CHECK(to_micros(read[1].event.created_at) > 1'700'000'000'000'000); // now
}

TEST_CASE("store: an outbox is read in order from a row on, as many as asked for") {
    const scratch dir;
    outbox::create(dir / "a.db");
    auto box = opened(dir / "a.db");
    std::vector<event> rows{bill("1"), bill("2"), bill("3"), bill("4")};
    rows[2].type = "code.verification";
    box.insert(rows);
    CHECK(keys_of(box.read(0, 2)) == std::vector<std::string>{"1", "2"});
    CHECK(keys_of(box.read(2, 10)) == std::vector<std::string>{"3", "4"});
    CHECK(box.read(4, 10).empty());
    const std::vector<std::int64_t> some{4, 9, 1};
    CHECK(keys_of(box.read(some)) == std::vector<std::string>{"4", "1"});
    const auto glance = box.glance(1, 2);
    REQUIRE(glance.size() == 2);
    CHECK(glance[0].id == 2);
    CHECK(glance[1].id == 3);
    CHECK(glance[1].type == "code.verification");
    CHECK(box.waiting() == 4);
    CHECK(box.first_id() == 1);
}

TEST_CASE("store: an outbox forgets exactly the rows named, and never uses their ids again") {
    const scratch dir;
    outbox::create(dir / "a.db");
    auto box = opened(dir / "a.db");
    std::vector<event> rows;
    for (int i = 1; i <= 1201; ++i)
        rows.push_back(bill(std::to_string(i)));
    box.insert(rows);
    std::vector<std::int64_t> ids;
    for (std::int64_t i = 1; i <= 1201; ++i)
        if (i != 700)
            ids.push_back(i);
    ids.push_back(99'999); // never was there
    box.forget(ids);
    CHECK(keys_of(box.read(0, 10)) == std::vector<std::string>{"700"});
    box.forget(std::vector<std::int64_t>{700});
    CHECK_FALSE(box.first_id());
    std::vector<event> more{bill("again")};
    box.insert(more);
    CHECK(more[0].outbox_id == 1202);
}

TEST_CASE("store: values of any type are passed on; times that are none are told") {
    const scratch dir;
    outbox::create(dir / "a.db");
    stranger tool(dir / "a.db");
    REQUIRE(tool("INSERT INTO outbox(type,key,to_ref,data,not_before,expires_at) VALUES"
                 "('t', 17, 13800138000, x'7B7D', '2026-11-01', 1e3),"
                 "('t', x'C328', '1', 12.5, 1.5, 'soon'),"
                 "('t', '', '', '', '1790000000000000', NULL)") == SQLITE_OK);
    CHECK(tool("INSERT INTO outbox(type,key,to_ref) VALUES('t',NULL,'1')") == SQLITE_CONSTRAINT);
    CHECK(tool("UPDATE outbox SET key='x'") == SQLITE_CONSTRAINT);

    auto box = opened(dir / "a.db");
    const auto rows = box.read(0, 10);
    REQUIRE(rows.size() == 3);
    CHECK(rows[0].event.key == "17");
    CHECK(rows[0].event.to_ref == "13800138000");
    CHECK(rows[0].event.data == "{}");
    CHECK(rows[0].event.to_kind == "number");
    CHECK(rows[0].event.not_before == unreadable_time);
    CHECK(rows[0].event.expires_at == from_micros(1000)); // SQLite made it an integer
    CHECK(rows[0].problem == "not_before: not microseconds: '2026-11-01'");
    CHECK(rows[1].event.key == "\xC3\x28");
    CHECK(rows[1].event.data == "12.5");
    CHECK(rows[1].problem ==
          "not_before: not microseconds: '1.5'; expires_at: not microseconds: 'soon'");
    CHECK(rows[2].problem.empty());
    CHECK(rows[2].event.not_before == from_micros(1'790'000'000'000'000));
}

TEST_CASE("store: a huge value is refused by name and never read, and its neighbours are as ever") {
    const scratch dir;
    outbox::create(dir / "a.db");
    stranger tool(dir / "a.db");
    REQUIRE(tool("INSERT INTO outbox(id,type,key,to_ref,data) VALUES"
                 "(1, 't', 'k1', '1', '{}'),"
                 "(2, 't', 'k2', '1', zeroblob(100000000)),"
                 "(3, hex(zeroblob(600000)), 'k3', '1', '{}'),"
                 "(4, 't', 'k4', '1', '{}')") == SQLITE_OK);
    auto box = opened(dir / "a.db");
    const auto rows = box.read(0, 10);
    CHECK(keys_of(rows) == std::vector<std::string>{"k1", "k2", "k3", "k4"});
    REQUIRE(rows.size() == 4);
    CHECK(rows[0].problem == "");
    CHECK(rows[1].problem == "data: is larger than 1 MiB");
    CHECK(rows[1].event.to_ref == "1");
    CHECK(rows[2].problem == "type: is larger than 1 MiB");
    CHECK(rows[3].problem == "");
    std::vector<std::int64_t> seen;
    for (std::int64_t after = 0; after < 4; after = seen.back())
        for (const auto& row : box.glance(after, 10))
            seen.push_back(row.id);
    CHECK(seen == std::vector<std::int64_t>{1, 2, 3, 4});
    box.forget(seen);
    CHECK(box.waiting() == 0);
}

TEST_CASE("store: a change by others is noticed once, our own never") {
    const scratch dir;
    outbox::create(dir / "a.db");
    auto box = opened(dir / "a.db");
    stranger tool(dir / "a.db");
    CHECK(box.changed());
    CHECK(!box.changed());
    REQUIRE(tool("INSERT INTO outbox(type,key,to_ref) VALUES('t','1','1')") == SQLITE_OK);
    CHECK(box.changed());
    CHECK(!box.changed());
    box.forget(std::vector<std::int64_t>{1});
    CHECK(!box.changed());
    REQUIRE(tool("BEGIN IMMEDIATE; INSERT INTO outbox(type,key,to_ref) VALUES('t','2','1')") ==
            SQLITE_OK);
    CHECK(!box.changed());
    REQUIRE(tool("COMMIT") == SQLITE_OK);
    CHECK(box.changed());
}

TEST_CASE("store: an outbox that cannot be used says why and what to do") {
    const scratch dir;
    outbox box("billing", dir / "billing.db");
    CHECK(!box.open());
    CHECK(box.problem().find("is not there yet") != std::string::npos);
    CHECK(!fs::exists(dir / "billing.db")); // the daemon never creates it
    CHECK_THROWS_AS(box.read(0, 1), outbox_failed);
    CHECK(box.identity() == file_identity{});

    const auto says = [&](const char* what) {
        outbox other("billing", dir / "billing.db");
        CHECK(!other.open());
        CAPTURE(other.problem());
        CHECK(other.problem().find(what) != std::string::npos);
    };
    std::ofstream(dir / "billing.db") << "this is certainly not a database, but long enough to be";
    says("is not a SQLite database");
    fs::remove(dir / "billing.db");
    std::ofstream(dir / "billing.db").flush();
    says("no outbox table");
    CHECK(fs::file_size(dir / "billing.db") == 0); // nor does it write into what is not an outbox
    REQUIRE(stranger(dir / "billing.db")("CREATE TABLE outbox(id INTEGER, body TEXT)") ==
            SQLITE_OK);
    says("apply outbox.sql");
    fs::remove(dir / "billing.db");
    fs::create_directory(dir / "billing.db");
    says("is not a file");
    CHECK_THROWS_AS(outbox::create(dir / "no/such/folder.db"), outbox_failed);
}

TEST_CASE("store: an outbox may appear, vanish and be replaced") {
    const scratch dir;
    outbox box("billing", dir / "billing.db");
    CHECK(!box.open());
    outbox::create(dir / "billing.db");
    REQUIRE(box.open());
    CHECK(box.problem().empty());
    const auto first = box.identity();
    CHECK(box.open());
    CHECK(box.identity() == first);

    outbox::create(dir / "new.db");
    fs::rename(dir / "new.db", dir / "billing.db");
    REQUIRE(box.open());
    CHECK(box.identity() != first);
    CHECK(box.changed());

    fs::remove(dir / "billing.db");
    CHECK(!box.open());
    CHECK(box.identity() == file_identity{});
}

TEST_CASE("store: a file without WAL becomes one, and creating twice changes nothing") {
    const scratch dir;
    outbox::create(dir / "a.db");
    stranger tool(dir / "a.db");
    REQUIRE(tool("INSERT INTO outbox(type,key,to_ref) VALUES('t','1','1')") == SQLITE_OK);
    REQUIRE(tool("PRAGMA journal_mode=DELETE") == SQLITE_OK);
    CHECK(!fs::exists(dir / "a.db-wal"));
    auto box = opened(dir / "a.db");
    outbox::create(dir / "a.db");
    CHECK(keys_of(box.read(0, 10)) == std::vector<std::string>{"1"});
    REQUIRE(tool("INSERT INTO outbox(type,key,to_ref) VALUES('t','2','1')") == SQLITE_OK);
    CHECK(fs::exists(dir / "a.db-wal"));
}

TEST_CASE("store: a writer that holds the file is waited for, but not for ever; reading goes on") {
    const scratch dir;
    outbox::create(dir / "a.db");
    stranger writer(dir / "a.db");
    REQUIRE(writer("INSERT INTO outbox(type,key,to_ref) VALUES('t','1','1')") == SQLITE_OK);
    outbox box("billing", dir / "a.db", 3ms);
    REQUIRE(box.open());
    REQUIRE(writer("BEGIN IMMEDIATE; INSERT INTO outbox(type,key,to_ref) VALUES('t','2','1')") ==
            SQLITE_OK);
    CHECK(keys_of(box.read(0, 10)) == std::vector<std::string>{"1"});
    CHECK_THROWS_AS(box.forget(std::vector<std::int64_t>{1}), outbox_busy);
    std::vector<event> rows{bill("3")};
    CHECK_THROWS_AS(box.insert(rows), outbox_busy);
    REQUIRE(writer("COMMIT") == SQLITE_OK);
    box.forget(std::vector<std::int64_t>{1});
    CHECK(keys_of(box.read(0, 10)) == std::vector<std::string>{"2"});
}

TEST_CASE("store: an insertion that fails half-way leaves nothing") {
    const scratch dir;
    outbox::create(dir / "a.db");
    auto box = opened(dir / "a.db");
    REQUIRE(stranger(dir / "a.db")("CREATE TRIGGER no BEFORE INSERT ON outbox WHEN new.key = 'bad' "
                                   "BEGIN SELECT RAISE(ABORT, 'no'); END") == SQLITE_OK);
    std::vector<event> rows{bill("good"), bill("bad")};
    CHECK_THROWS_AS(box.insert(rows), outbox_failed);
    CHECK(box.waiting() == 0);
    rows.pop_back();
    box.insert(rows);
    CHECK(box.waiting() == 1);
}

TEST_CASE("store: an outbox file is writable for its group, whatever the umask") {
    const scratch dir;
    const auto before = ::umask(077);
    outbox::create(dir / "a.db");
    auto box = opened(dir / "a.db");
    std::vector<event> rows{bill("1")};
    box.insert(rows);
    ::umask(before);
    for (const auto* name : {"a.db", "a.db-wal", "a.db-shm"}) {
        struct stat s {};
        CAPTURE(name);
        REQUIRE(::stat((dir / name).c_str(), &s) == 0);
        CHECK((s.st_mode & 0777) == 0660);
    }
}

namespace {

constexpr int writers = 4;
constexpr int rows_each = 300;

// A business system under another user, in the shared group. Returns its exit code.
[[noreturn]] void write_as(uid_t user, gid_t group, const fs::path& file, int number) {
    ::umask(022); // as is usual; SQLite mends the mode of -wal and -shm a moment later
    if (::setgroups(0, nullptr) != 0 || ::setgid(group) != 0 || ::setuid(user) != 0)
        ::_exit(10);
    try {
        outbox box("billing", file, 60s); // many wait for each other, and the machine may be busy
        for (int tries = 0; !box.open(); ++tries) { // in that moment it cannot be opened
            if (tries == 100'000) {
                std::fprintf(stderr, "writer %d: %s\n", number, box.problem().c_str());
                ::_exit(11);
            }
            std::this_thread::yield();
        }
        for (int i = 0; i < rows_each; i += 3) {
            std::vector<event> rows;
            for (int k = i; k < i + 3; ++k)
                rows.push_back(bill(std::to_string(number) + "-" + std::to_string(k)));
            box.insert(rows);
        }
    } catch (const std::exception& e) {
        std::fprintf(stderr, "writer %d: %s\n", number, e.what());
        ::_exit(12);
    }
    ::_exit(0);
}

} // namespace

TEST_CASE("store: while four processes of another user write, each row is drained exactly once") {
    if (::geteuid() != 0) {
        MESSAGE("SKIPPED: needs root to become other users");
        return;
    }
    constexpr uid_t nobody = 65534;
    constexpr gid_t shared = 54321;
    const scratch dir;
    REQUIRE(::chown(dir.folder().c_str(), 0, shared) == 0);
    REQUIRE(::chmod(dir.folder().c_str(), 02770) == 0);
    outbox::create(dir / "billing.db");
    REQUIRE(::chown((dir / "billing.db").c_str(), 0, shared) == 0);

    std::vector<pid_t> children;
    for (int n = 0; n < writers; ++n) {
        const pid_t child = ::fork();
        REQUIRE(child >= 0);
        if (child == 0)
            write_as(nobody - static_cast<uid_t>(n), shared, dir / "billing.db", n);
        children.push_back(child);
    }
    auto box = opened(dir / "billing.db");
    std::multiset<std::string> drained;
    std::int64_t last = 0;
    for (bool finished = false;;) {
        const auto rows = box.read(last, 100);
        std::vector<std::int64_t> ids;
        for (const auto& row : rows) {
            drained.insert(row.event.key);
            ids.push_back(row.event.outbox_id);
        }
        box.forget(ids);
        last = ids.empty() ? last : ids.back();
        if (rows.empty() && finished)
            break;
        if (rows.empty() && !finished) {
            std::erase_if(children, [](pid_t child) {
                int status = 0;
                const bool ended = ::waitpid(child, &status, WNOHANG) == child;
                if (ended)
                    CHECK(status == 0);
                return ended;
            });
            finished = children.empty(); // and then one more look
            std::this_thread::yield();
        }
    }
    CHECK(drained.size() == writers * rows_each);
    CHECK(std::set<std::string>(drained.begin(), drained.end()).size() == drained.size());
    CHECK(box.waiting() == 0);
}

TEST_CASE("store: network file systems are known by name") {
    struct {
        std::uint32_t magic;
        const char* name;
    } const rows[] = {{0x6969, "nfs"},  {0xFF534D42, "cifs"}, {0xFE534D42, "smb2"},
                      {0x517B, "smb"},  {0xEF53, ""},         {0x01021994, ""},
                      {0x9123683E, ""}, {0x58465342, ""},     {0x00C36400, "ceph"},
                      {0x794C7630, ""}};
    for (const auto& row : rows) {
        CAPTURE(row.magic);
        CHECK(network_name_of(row.magic) == row.name);
    }
    constexpr auto mounts = "22 1 254:1 / / rw,relatime shared:1 - ext4 /dev/vda1 rw\n"
                            "36 22 0:52 / /mnt rw,nosuid shared:7 master:1 - fuse.sshfs h:/ rw\n"
                            "37 22 0:53 / /usb rw - fuseblk /dev/sdb1 rw\n"
                            "38 22 0:54 / /drive rw - fuse.rclone x: rw\n"
                            "39 22 0:55\n";
    CHECK(fuse_network_name(mounts, "0:52") == "fuse.sshfs");
    CHECK(fuse_network_name(mounts, "0:53") == "");
    CHECK(fuse_network_name(mounts, "0:54") == "fuse.rclone");
    CHECK(fuse_network_name(mounts, "0:55") == "");
    CHECK(fuse_network_name(mounts, "0:5") == "");
    const scratch dir;
    CHECK(network_file_system_at(dir.folder()) == "");
    CHECK(network_file_system_at(dir / "none") == "");
}

} // namespace outbox_test
