// Erases a number in the files beside live.db: months of history, result files, and what outboxes may
// still hold in their logs. At leisure, in small commits; once more does no harm. What was overwritten
// lies in no free page and no log afterwards.
#pragma once

#include "store/erased_number.hpp"

#include <cstdint>
#include <filesystem>
#include <stop_token>

namespace posthorn::store {

// How many rows named it. Throw SQLite::Exception, or std::runtime_error where somebody else reads so
// long that the log cannot be emptied, or when it is to stop. Any thread, one at a time.
std::int64_t erase_in_month(const std::filesystem::path& month, const erased_number& of,
                            const std::stop_token& stop);
std::int64_t erase_in_results(const std::filesystem::path& file, const erased_number& of,
                              const std::stop_token& stop);
// Rows that were taken in are deleted soon, by those who took them in: how many name it yet.
std::int64_t rows_in_outbox(const std::filesystem::path& file, const erased_number& of);
// What was deleted there, and may still lie in pages and in the log.
void overwrite_deleted_in_outbox(const std::filesystem::path& file);

} // namespace posthorn::store
