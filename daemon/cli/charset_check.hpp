// Whether a file can be in the charset it is said to be in. UTF-8 read as GBK is nearly always
// valid and always wrong: the customer would read 寮犱笁 for 张三.
#pragma once

#include <filesystem>
#include <optional>
#include <string>

namespace posthorn::cli {

// What speaks against `charset`; nothing when it is utf-8, the file is ASCII alone, or something in
// it is no UTF-8. Reads up to the first octet that decides.
std::optional<std::string> charset_mistake(const std::filesystem::path& file,
                                           const std::string& charset);

} // namespace posthorn::cli
