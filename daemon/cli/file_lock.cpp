#include "cli/file_lock.hpp"

#include "cli/console.hpp"

#include <cerrno>
#include <cstring>

#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

namespace posthorn::cli {

file_lock::file_lock(const std::filesystem::path& file)
    : file_(::open(file.c_str(), O_RDONLY | O_CLOEXEC)) {
    if (file_ < 0)
        throw failure("cannot read " + file.string() + ": " + std::strerror(errno));
    if (::flock(file_, LOCK_EX | LOCK_NB) == 0 || errno != EWOULDBLOCK)
        return;
    ::close(file_);
    throw failure(file.string() + ": another import of this file is running: wait for it");
}

file_lock::~file_lock() { ::close(file_); }

} // namespace posthorn::cli
