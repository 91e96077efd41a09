#include "store/sqlite/syncer.hpp"
#include "runtime/thread_rank.hpp"

#include <cerrno>
#include <system_error>
#include <utility>

#include <fcntl.h>
#include <unistd.h>

namespace posthorn::store {

syncer::syncer(const std::filesystem::path& wal)
    : file_(::open(wal.c_str(), O_RDONLY | O_CREAT | O_CLOEXEC, 0640)) {
    if (file_ < 0)
        throw std::system_error(errno, std::generic_category(), wal.string());
}

syncer::~syncer() {
    stop();
    ::close(file_);
}

void syncer::start() {
    thread_ = std::thread([this] {
        runtime::this_thread_is("sync", runtime::thread_rank::prompt);
        run();
    });
}

void syncer::stop() {
    {
        const std::lock_guard lock(lock_);
        stopping_ = true;
    }
    changed_.notify_all();
    if (thread_.joinable())
        thread_.join();
}

// When it fails, what the disk holds is not known, and asking again would not tell: the process
// ends, and the next one recovers from what is there.
void syncer::sync() {
    if (::fdatasync(file_) != 0)
        throw std::system_error(errno, std::generic_category(),
                                "live.db-wal cannot be made durable: mend the disk");
}

void syncer::wait_for_room() {
    std::unique_lock lock(lock_);
    changed_.wait(lock, [this] { return waiting_.size() < most_waiting; });
}

void syncer::hand_over(std::function<void()> durable) {
    {
        const std::lock_guard lock(lock_);
        waiting_.push_back(std::move(durable));
    }
    changed_.notify_all();
}

void syncer::run() {
    std::unique_lock lock(lock_);
    for (;;) {
        changed_.wait(lock, [this] { return stopping_ || !waiting_.empty(); });
        if (waiting_.empty())
            return;
        const auto all = std::exchange(waiting_, {});
        lock.unlock();
        changed_.notify_all();
        sync();
        for (const auto& durable : all)
            durable();
        lock.lock();
    }
}

} // namespace posthorn::store
