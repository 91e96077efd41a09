// Databases that daemon and business systems both open: outbox and result files.
#pragma once

#include <filesystem>

namespace posthorn::store {

// An empty file that owner and group may write, unless there is a file already. By hand, because
// SQLite makes files of mode 644 less the umask, and gives -wal and -shm the mode of the file:
// without the group's right to write, daemon and sources lock each other out. False, and
// errno, when it cannot be made.
bool make_shared_file(const std::filesystem::path& file);

} // namespace posthorn::store
