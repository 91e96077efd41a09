// How many events each source has handed in within a time, by the ids of their rows: a range of the
// primary key, in live.db and in the months since. For the start, which takes its time: it is not
// interrupted, and costs some seconds for millions.
#pragma once

#include "model/message.hpp"
#include "model/time.hpp"

#include <cstdint>
#include <filesystem>
#include <map>

namespace posthorn::store {

// From `from` on, and before `until`. Any thread, on connections of its own; throws
// std::runtime_error saying what and where.
std::map<name_id, std::int64_t> taken_in(const std::filesystem::path& live,
                                         const std::filesystem::path& history, instant from,
                                         instant until);

} // namespace posthorn::store
