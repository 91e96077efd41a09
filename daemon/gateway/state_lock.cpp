#include "gateway/state_lock.hpp"

#include <array>
#include <cerrno>
#include <stdexcept>
#include <string>
#include <system_error>

#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

namespace posthorn::gateway {

namespace {

// The process that holds the lock wrote its number here; for the message only.
std::string pid_in(int file) {
    std::array<char, 32> text{};
    const auto octets = ::pread(file, text.data(), text.size() - 1, 0);
    const std::string pid(text.data(), octets > 0 ? static_cast<std::size_t>(octets) : 0);
    return pid.substr(0, pid.find_first_not_of("0123456789"));
}

void write_pid(int file) {
    const auto pid = std::to_string(::getpid()) + "\n";
    if (::ftruncate(file, 0) != 0 || ::pwrite(file, pid.data(), pid.size(), 0) < 0)
        return; // a full disk: the lock holds without it
}

} // namespace

state_lock::state_lock(const std::filesystem::path& state_dir) {
    std::filesystem::create_directories(state_dir);
    const auto path = state_dir / "posthornd.lock";
    file_ = ::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0660);
    if (file_ < 0)
        throw std::runtime_error(path.string() +
                                 ": cannot be written: " + std::system_category().message(errno) +
                                 "; posthornd keeps its state there (`state_dir:`)");
    if (::flock(file_, LOCK_EX | LOCK_NB) == 0) {
        write_pid(file_);
        return;
    }
    const auto reason = errno;
    const auto pid = pid_in(file_);
    ::close(file_);
    if (reason != EWOULDBLOCK)
        throw std::runtime_error(path.string() +
                                 ": cannot be locked: " + std::system_category().message(reason));
    throw std::runtime_error("state_dir " + state_dir.string() + ": another posthornd uses it" +
                             (pid.empty() ? "" : " (process " + pid + ")") +
                             ": stop it first, or give this one a state_dir of its own");
}

state_lock::~state_lock() { ::close(file_); }

} // namespace posthorn::gateway
