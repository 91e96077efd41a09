// One import of a file at a time: two at once would queue each row twice.
#pragma once

#include <filesystem>

namespace posthorn::cli {

// Held while it lives, and by the process alone: a kill frees it. Throws failure when another
// import holds it. A file system without locks is no obstacle.
class file_lock {
public:
    explicit file_lock(const std::filesystem::path& file);
    ~file_lock();
    file_lock(const file_lock&) = delete;
    file_lock& operator=(const file_lock&) = delete;

private:
    int file_;
};

} // namespace posthorn::cli
