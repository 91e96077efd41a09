// `posthorn people import`: the rows of a CSV file to the daemon, as cli/row_import.hpp takes files.
// An import that ends early is simply made again: what the daemon knows changes nothing.
#pragma once

#include "cli/row_import.hpp"
#include "people/row.hpp"

#include <boost/json/array.hpp>

#include <map>

namespace posthorn::cli {

struct people_order : row_order {
    static constexpr std::size_t rows_of_a_request = 500;

    std::map<std::string, std::string> columns; // ours → the file's
    std::vector<country> countries;
};

struct people_ports {
    // Durable when it returns. Rows with the members of people::column_names.
    std::function<people::row_counts(const boost::json::array& rows)> put;
    std::function<void(const row_progress&)> progress;
};

struct people_progress : row_progress {
    people::row_counts counts;
};

people_progress import_people(const people_order& order, const people_ports& ports);

} // namespace posthorn::cli
