// Changes of contact numbers and what their owners said: short bounded reads of live.db, on a
// connection of its own beside the writer. One thread at a time. Every call ends after two seconds at
// the latest, by throwing read_failed.
#pragma once

#include "store/reader.hpp"

#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace posthorn::store {

struct contact_change {
    posthorn::id id = 0;
    instant at{};
    std::string account, from, to; // numbers in E.164 without '+'
    posthorn::id inbound = 0;      // the evidence; 0: none
    std::string who, reason;
    std::string source; // whose word settles it; empty: only a person's does
    std::string state;  // waiting, agreed, refused
    instant settled_at{};
    std::string settled_by, settled_reason;
};

struct contact_query { // what is empty does not matter
    std::string source, state;
    posthorn::id before = 0; // where the page before ended
};

class contact_reader {
public:
    explicit contact_reader(std::filesystem::path live); // opens nothing yet
    ~contact_reader();

    std::vector<contact_change> find(const contact_query& which, std::size_t limit); // newest first
    std::optional<contact_change> change_of(posthorn::id change);

private:
    struct connection;

    std::filesystem::path live_;
    std::unique_ptr<connection> open_;
};

} // namespace posthorn::store
