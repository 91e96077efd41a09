// What crews work on, by their own word: short bounded reads of live.db, on a connection of its own
// beside the writer. One thread at a time. Every call ends after two seconds at the latest, by throwing
// read_failed.
#pragma once

#include "store/reader.hpp"

#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace posthorn::store {

struct work_report {
    posthorn::id id = 0;
    instant at{}; // of the report
    std::string number, worker, area, place, work;
    instant begins_at{};
    instant ends_at{};        // as expected; 0: not said
    posthorn::id inbound = 0; // 0: by HTTP or an agent
    std::string who;
};

struct work_query { // what is empty does not matter
    std::string area, number;
    instant over_before{}; // leaves out what was to end, or begin where no end was said, before
};

class work_reader {
public:
    explicit work_reader(std::filesystem::path live); // opens nothing yet
    ~work_reader();

    // That goes on; the newest first.
    std::vector<work_report> find(const work_query& which, std::size_t limit);
    std::optional<work_report>
    report_of(posthorn::id report); // nothing: it is over, or there is none

private:
    struct connection;

    std::filesystem::path live_;
    std::unique_ptr<connection> open_;
};

} // namespace posthorn::store
