// Makes commits durable while the writer is at the next one (synchronous=NORMAL: COMMIT writes the
// log and does not sync it):
//
//   writer  │ apply, COMMIT k │ apply, COMMIT k+1    │ ...
//   syncer                    │ fdatasync, tell k    │ fdatasync, tell k+1 │ ...
//
// Nobody is told before the log on the disk holds the commit, so it is as durable as FULL. SQLite
// itself syncs the log's header and whatever a checkpoint copies. What is committed while a sync
// runs is made durable by the next one, together; a few commits wait at most.
#pragma once

#include <condition_variable>
#include <filesystem>
#include <functional>
#include <mutex>
#include <thread>
#include <vector>

namespace posthorn::store {

class syncer {
public:
    // `wal`: the write-ahead log, which is there while its database is open.
    explicit syncer(const std::filesystem::path& wal);
    ~syncer(); // stop()
    syncer(const syncer&) = delete;
    syncer& operator=(const syncer&) = delete;

    void start();
    void stop(); // all that was handed over is durable and told

    // Before start(): now, on this thread. Throws std::system_error.
    void sync();
    // Writer's thread: returns when the next commit may be made.
    void wait_for_room();
    // Writer's thread: a commit was made. `durable` runs on the syncer's thread.
    void hand_over(std::function<void()> durable);

private:
    static constexpr std::size_t most_waiting = 4;

    void run();

    int file_;
    std::mutex lock_;
    std::condition_variable changed_;
    std::vector<std::function<void()>> waiting_;
    bool stopping_ = false;
    std::thread thread_;
};

} // namespace posthorn::store
