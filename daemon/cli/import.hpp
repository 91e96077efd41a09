// A CSV file into the outbox, as cli/row_import.hpp takes files. What a killed import may insert a
// second time is one transaction, whose keys the daemon knows.
#pragma once

#include "cli/columns.hpp"
#include "cli/row_import.hpp"
#include "intake/prepared.hpp"
#include "model/event.hpp"

#include <functional>
#include <optional>
#include <span>
#include <string>
#include <vector>

namespace posthorn::cli {

struct import_order : row_order {
    std::string source;
    std::string type;
    std::string run;
    column_choice choice;
};

struct import_progress : row_progress {
    std::optional<intake::prepared> first_good; // --dry-run shows its text
};

struct import_ports {
    // Durable when it returns.
    std::function<void(std::span<event>)> insert;
    // How a number is handed over, or why no text can reach it; empty: as it is written.
    std::function<result<std::string>(const std::string& written)> number;
    // What the daemon will say of an event; empty: not asked (--no-check).
    std::function<intake::prepared(const event&)> check;
    std::function<void(const intake::prepared&)> good; // a row that was checked; may be empty
    std::function<void(const row_progress&)> progress; // after each transaction
};

// Throws failure for what stops all of it: no such file, no header, a missing column.
import_progress import_file(const import_order& order, const templates::event_type* type,
                            const import_ports& ports);

} // namespace posthorn::cli
