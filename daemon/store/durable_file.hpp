// What was written to a file, or which names a folder has, outlives a crash of the machine.
#pragma once

#include <filesystem>

namespace posthorn::store {

// Blocks for a disk's time. Throws std::runtime_error saying what and why.
void make_durable(const std::filesystem::path& file_or_folder);

} // namespace posthorn::store
