// A lookup: a named question to one of the utility's own systems, one YAML file each
// (config/lookups/NAME.yaml). Loaded and checked once; immutable afterwards.
//
//     name: balance
//     system: billing
//     query: SELECT balance FROM customers WHERE account = :account     # or, for http: path: /…
//     takes: [account]
//     fields: {balance: {kind: money, currency: CNY}}
//     sample: {balance: 12.50}
#pragma once

#include "model/time.hpp"
#include "settings/problem.hpp"
#include "settings/reader.hpp"
#include "settings/system_settings.hpp"
#include "templates/field.hpp"
#include "templates/zone.hpp"

#include <boost/json/object.hpp>

#include <filesystem>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace posthorn::lookups {

struct lookup {
    std::string name;                                           // also of its file
    std::string system;                                         // of `systems:`
    settings::system_kind kind = settings::system_kind::sqlite; // of that system
    std::vector<std::string> takes;                             // its parameters
    std::vector<templates::field> fields;                       // of each row of the answer
    // sqlite, postgresql: with ?1 or $1 for the first of `takes`, and so on; handler: as written.
    std::string query;
    std::string path; // http: with {parameter}
    std::string rows; // http: JSON pointer to the list of rows, or to the one row; "": all of it
    duration timeout = std::chrono::seconds(2);
    unsigned most_rows = 20;
    boost::json::object sample; // one row
};

using lookup_ptr = std::shared_ptr<const lookup>;

// Sorted by name.
using catalogue = std::vector<lookup_ptr>;

// Null when there is none of that name.
lookup_ptr find(const catalogue& all, std::string_view name);

struct loaded_lookups {
    catalogue lookups;               // only those without a problem
    settings::problem_list problems; // of every file
};

// Reads every *.yaml of the directory; one that does not exist has none. Asks no system.
// `zone`: for times without one in samples.
loaded_lookups load_lookups(const std::filesystem::path& directory,
                            std::span<const settings::system_settings> systems,
                            const templates::zone& zone);

// What only the libraries know to be wrong with `systems:` of posthorn.yaml.
void check_systems(settings::reader map, std::span<const settings::system_settings> systems);

} // namespace posthorn::lookups
