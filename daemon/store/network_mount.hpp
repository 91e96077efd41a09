// SQLite's write-ahead log needs shared memory and true locks, which network file systems do not
// give: a database there gets damaged sooner or later, so we refuse to begin.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>

namespace posthorn::store {

// "nfs", "cifs", ... when `path` (which exists) lies on a network file system; else empty.
std::string network_file_system_at(const std::filesystem::path& path);

// The two halves of it, apart for tests: by statfs(2) f_type; and, for FUSE, which is both local
// and remote, by the type that /proc/self/mountinfo gives for the device ("0:52").
std::string_view network_name_of(std::uint32_t magic);
std::string fuse_network_name(std::string_view mountinfo, std::string_view device);

} // namespace posthorn::store
