#include "store/shared_file.hpp"

#include <cerrno>

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

namespace posthorn::store {

bool make_shared_file(const std::filesystem::path& file) {
    constexpr mode_t shared = 0660;
    const int fd = ::open(file.c_str(), O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, shared);
    if (fd < 0)
        return errno == EEXIST;
    const bool made = ::fchmod(fd, shared) == 0;
    ::close(fd);
    return made;
}

} // namespace posthorn::store
