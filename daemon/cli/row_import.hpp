// The rows of a CSV file, one commit after another: streamed, checked, resumable. What a row means is
// its taker's.
//
//     file ─► records ─► taker.row ─► 500 rows ─► taker.commit ─► bookmark
//                └───────────┴──► FILE.rejects.csv
//
// Killed at any moment and started again it continues behind the last bookmark. A dry run writes no
// file at all.
#pragma once

#include "model/refusal.hpp"

#include <cstdint>
#include <filesystem>
#include <functional>
#include <string>
#include <vector>

namespace posthorn::cli {

struct row_order {
    std::filesystem::path file;
    std::filesystem::path rejects;
    std::string charset = "utf-8";
    char delimiter = ',';
    bool dry_run = false;
    bool resumes = true; // keeps a bookmark beside the file
    bool again = false;  // from the start, whatever the bookmark says
    std::size_t batch = 500;
    std::string purpose; // a bookmark of another purpose is none
};

struct row_progress {
    std::uint64_t read = 0; // rows, with those of an import that is continued
    std::uint64_t taken = 0;
    std::uint64_t rejected = 0;
    std::uint64_t offset = 0; // octets of the file done
    std::uint64_t size = 0;
    std::size_t resumed_at = 0;          // line; 0: from the start
    bool was_complete = false;           // an earlier import had done it all
    std::vector<std::string> unused;     // columns of the file that become nothing
    std::vector<std::string> rejections; // the first ten: "line 7: amount: ..."
};

struct row_taker {
    // The columns that become nothing; or why the file cannot be taken.
    std::function<result<std::vector<std::string>>(const std::vector<std::string>& header)> header;
    // A row in UTF-8, with as many fields as the header: why it is rejected, or empty when it is
    // taken.
    std::function<std::string(const std::vector<std::string>& fields, std::size_t line)> row;
    // What was taken since the last commit is durable when it returns. Not called in a dry run.
    std::function<void()> commit;
    std::function<void(const row_progress&)> progress; // after each commit
};

// Throws failure for what stops all of it: no such file, no header, a missing column.
row_progress take_rows(const row_order& order, const row_taker& taker);

} // namespace posthorn::cli
