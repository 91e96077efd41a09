// What `posthorn lint` found, as a page and as JSON.
#pragma once

#include "templates/lint.hpp"

#include <boost/json/object.hpp>

#include <cstddef>
#include <string>
#include <vector>

namespace posthorn::cli {

struct linted_type {
    std::string type;
    std::string file;
    templates::lint_report report;
};

std::size_t count_of(const std::vector<linted_type>& all, templates::severity severity);

// A line for each finding, as compilers write them, and the counts; before them the size of each
// sample if that is wanted.
std::string lint_page(const std::vector<linted_type>& all, bool sizes);
boost::json::object lint_json(const std::vector<linted_type>& all);

} // namespace posthorn::cli
