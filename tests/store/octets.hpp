// What lies on the disk, whatever SQLite makes of it.
#pragma once

#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>
#include <string_view>
#include <vector>

namespace live_db {

inline std::string octets_of(const std::filesystem::path& file) {
    std::ifstream in(file, std::ios::binary);
    return {std::istreambuf_iterator<char>(in), {}};
}

// Names of files under `folder` in which these octets stand.
inline std::vector<std::string> files_with(const std::filesystem::path& folder,
                                           std::string_view octets) {
    std::vector<std::string> out;
    for (const auto& entry : std::filesystem::recursive_directory_iterator(folder))
        if (entry.is_regular_file() && octets_of(entry.path()).find(octets) != std::string::npos)
            out.push_back(entry.path().filename());
    return out;
}

} // namespace live_db
