#include "store/ballast.hpp"

#include <fcntl.h>
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

void ballast::give_up() {
    if (size_ > 0)
        ::unlink(file_.c_str());
}

} // namespace posthorn::store
