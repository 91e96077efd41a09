#include "store/ballast.hpp"

#include <fcntl.h>
#include <sys/statvfs.h>
#include <unistd.h>

namespace posthorn::store {

bool ballast::take() {
    if (size_ == 0)
        return true;
    const int file = ::open(file_.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600);
    if (file < 0)
        return false;
    const bool taken = ::posix_fallocate(file, 0, size_) == 0;
    ::close(file);
    if (!taken)
        give_up();
    return taken;
}

bool ballast::disk_is_full() const {
    constexpr std::uint64_t least = 4 << 20;
    struct statvfs disk {};
    return ::statvfs(file_.parent_path().c_str(), &disk) == 0 &&
           std::uint64_t{disk.f_bavail} * disk.f_frsize < least;
}

void ballast::give_up() {
    if (size_ > 0)
        ::unlink(file_.c_str());
}

} // namespace posthorn::store
