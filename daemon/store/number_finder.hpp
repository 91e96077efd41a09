// Finds in live.db what names a number and has no index on it; tells the operations that erase it.
#pragma once

#include "store/erased_number.hpp"
#include "store/ops.hpp"

#include <filesystem>
#include <stop_token>
#include <vector>

namespace posthorn::store {

struct erasure { // that is under way
    std::string number, who, reason;
    instant at{};
};

// Short reads, one after the other; a connection for each call. Throws SQLite::Exception. Any thread.
std::vector<erasure> erasures_under_way(const std::filesystem::path& live);
// Of the person with this number, and of nobody else; empty: there is none.
std::string address_of(const std::filesystem::path& live, const std::string& number);
std::int64_t open_messages_to(const std::filesystem::path& live, const std::string& number,
                              const std::stop_token& stop);
std::vector<erase_rows> rows_to_erase(const std::filesystem::path& live, const erased_number& of,
                                      instant now, const std::stop_token& stop);

} // namespace posthorn::store
