// Options of the verbs that take a CSV file.
#pragma once

#include "cli/row_import.hpp"

#include <string>

namespace CLI {
class App;
}

namespace posthorn::cli {

// --encoding, --delimiter, --rejects
void add_file_options(CLI::App& verb, row_order& order, std::string& delimiter,
                      std::string& rejects);

// One character, or the word tab. Throws failure.
char delimiter_option(const std::string& text);

} // namespace posthorn::cli
