// What a person sees of an import while it runs: a bar on a terminal, else a line now and then.
//
//     bills.csv  [#########...........]  46%   138,500 rows   31,200/s   12 rejected   0:05 left
#pragma once

#include "cli/console.hpp"
#include "cli/import.hpp"

#include <chrono>
#include <string>

namespace posthorn::cli {

class import_view {
public:
    using clock = std::chrono::steady_clock;

    import_view(console& to, std::string name, clock::time_point start);

    void update(const row_progress& progress, clock::time_point now);
    void end(); // takes the bar away

private:
    std::string line(const row_progress& progress, clock::time_point now) const;

    console& to_;
    std::string name_;
    clock::time_point start_;
    clock::time_point shown_;
    bool first_ = true;
    std::uint64_t rows_before_ = 0; // of an import that is continued
    std::uint64_t offset_before_ = 0;
    std::size_t width_ = 0; // of what stands on the terminal now
};

std::string with_commas(std::uint64_t n); // 1,234,567

// "2 rejected (FILE)", the first reasons, and the columns that were not used; lines.
std::string rejected_text(const row_order& order, const row_progress& progress);

// What it came to, and what to look at next. `mend`: the command that imports the rejects file.
std::string summary_of(const import_order& order, const import_progress& progress,
                       const std::string& mend);

} // namespace posthorn::cli
