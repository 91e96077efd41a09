// How far an import came: FILE.posthorn-import beside the file, rewritten after each commit. An
// import that was killed continues there. Losing it is harmless: rows that are inserted again have
// keys the daemon knows.
#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>

namespace posthorn::cli {

// Which file it is: a file that was written anew is another one.
struct file_identity {
    std::uint64_t size = 0;
    std::int64_t modified = 0; // file clock ticks
    std::uint64_t head = 0;    // hash of the first 64 KiB

    bool operator==(const file_identity&) const = default;
};

file_identity identity_of(const std::filesystem::path& file);

struct bookmark {
    file_identity file;
    std::string purpose; // source, type and mapping: another import of the same file starts anew
    std::uint64_t offset = 0; // of the next record
    std::size_t line = 1;     // the line it begins on
    std::string rejects;      // which file, and its octets
    std::uint64_t rejects_size = 0;
    std::uint64_t read = 0;
    std::uint64_t taken = 0;
    std::uint64_t rejected = 0;
    bool complete = false;
};

std::filesystem::path bookmark_path(const std::filesystem::path& file);

// Nothing when there is none, or it cannot be understood.
std::optional<bookmark> load_bookmark(const std::filesystem::path& file);

// Replaces it in one step. Throws when it cannot be written.
void save_bookmark(const std::filesystem::path& file, const bookmark& mark);

} // namespace posthorn::cli
