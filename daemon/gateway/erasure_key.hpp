// The key by which an erased number is still told by who shows it: state_dir/erasure.key, made once.
#pragma once

#include <filesystem>
#include <string>
#include <string_view>

namespace posthorn::gateway {

// "erased:" and 32 letters, always the same for a number. Makes the key where there is none, for our
// user's eyes alone. Throws std::runtime_error saying what and why.
std::string name_of_erased(const std::filesystem::path& key_file, std::string_view number);

} // namespace posthorn::gateway
