#include "store/durable_file.hpp"

#include <cerrno>
#include <stdexcept>
#include <system_error>

#include <fcntl.h>
#include <unistd.h>

namespace posthorn::store {

void make_durable(const std::filesystem::path& file_or_folder) {
    const int file = ::open(file_or_folder.c_str(), O_RDONLY | O_CLOEXEC);
    const bool done = file >= 0 && ::fsync(file) == 0;
    const int why = errno;
    if (file >= 0)
        ::close(file);
    if (!done)
        throw std::runtime_error(file_or_folder.string() + " cannot be made durable (" +
                                 std::generic_category().message(why) + ")");
}

} // namespace posthorn::store
