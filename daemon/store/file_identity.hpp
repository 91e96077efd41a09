// Which file a path led to; another file under the same name is another one.
#pragma once

#include <cstdint>
#include <filesystem>

#include <sys/stat.h>

namespace posthorn::store {

struct file_identity {
    std::uint64_t device = 0;
    std::uint64_t inode = 0;
    bool operator==(const file_identity&) const = default;
};

inline file_identity identity_of(const struct stat& s) {
    return {static_cast<std::uint64_t>(s.st_dev), static_cast<std::uint64_t>(s.st_ino)};
}

// Zeros when there is no file.
inline file_identity identity_of(const std::filesystem::path& file) {
    struct stat s {};
    return ::stat(file.c_str(), &s) == 0 ? identity_of(s) : file_identity{};
}

} // namespace posthorn::store
