// A CSV file into the outbox: streamed, checked, resumable.
//
//     file ─► records ─► columns ─► check ─► 500 rows ─► outbox ─► bookmark
//                └─────────┴──────────┴────► FILE.rejects.csv
//
// Killed at any moment and started again it continues behind the last bookmark; what it may insert
// a second time is one transaction, whose keys the daemon knows. A dry run writes no file at all.
#pragma once

#include "cli/columns.hpp"
#include "cli/csv.hpp"
#include "intake/prepared.hpp"
#include "model/event.hpp"

#include <cstdint>
#include <filesystem>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <vector>

namespace posthorn::cli {

struct import_order {
    std::filesystem::path file;
    std::filesystem::path rejects;
    std::string source;
    std::string type;
    std::string run;
    std::string charset = "utf-8";
    char delimiter = ',';
    column_choice choice;
    bool dry_run = false;
    bool again = false; // from the start, whatever the bookmark says
    std::size_t batch = 500;
};

struct import_progress {
    std::uint64_t read = 0; // rows, with those of an import that is continued
    std::uint64_t queued = 0;
    std::uint64_t rejected = 0;
    std::uint64_t offset = 0; // octets of the file done
    std::uint64_t size = 0;
    std::size_t resumed_at = 0;                 // line; 0: from the start
    bool was_complete = false;                  // an earlier import had done it all
    std::vector<std::string> unused;            // columns of the file that become nothing
    std::vector<std::string> rejections;        // the first ten: "line 7: amount: ..."
    std::optional<intake::prepared> first_good; // --dry-run shows its text
};

struct import_ports {
    // Durable when it returns.
    std::function<void(std::span<event>)> insert;
    // What the daemon will say of an event; empty: not asked (--no-check).
    std::function<intake::prepared(const event&)> check;
    std::function<void(const import_progress&)> progress; // after each transaction
};

// Throws failure for what stops all of it: no such file, no header, a missing column.
import_progress import_file(const import_order& order, const templates::event_type* type,
                            const import_ports& ports);

} // namespace posthorn::cli
