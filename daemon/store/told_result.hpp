// What stands in result/SOURCE.db about one event. A connection for each call.
#pragma once

#include "model/time.hpp"

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>

namespace posthorn::store {

struct told_result {
    std::string state, reason;
    bool is_final = false;
    instant at{};           // when it was written last
    bool callback = false;  // the source is yet to be called about it
    std::int64_t tries = 0; // that failed
};

// Nothing when the file has no such row. Throws SQLite::Exception.
std::optional<told_result> told_to(const std::filesystem::path& results, const std::string& source,
                                   std::int64_t outbox_id);

} // namespace posthorn::store
