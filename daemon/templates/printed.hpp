// What a text prints, as it is written: its own words, and the fields it shows. For those who judge
// a text without rendering it.
#pragma once

#include "templates/field.hpp"

#include <boost/json/object.hpp>

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace posthorn::templates {

struct printed_words {
    std::size_t offset = 0; // in octets of the template
    std::string text;       // as it stands there, but for what '\' hides in quotes
};

struct printed_field {
    std::size_t offset = 0;
    std::string path;                           // "r.name"
    const templates::field* field = nullptr;    // its declaration
    const boost::json::value* sample = nullptr; // null where the sample has none
    bool masked = false;                        // by mask_name, mask_number or a short last
};

struct printed {
    std::vector<printed_words> words; // in the order of the template, of every branch
    std::vector<printed_field> fields;
};

// `source`: a template that compiles with these fields, which must outlive the answer as `sample`
// must. Of a list the first item of the sample stands for all.
printed printed_by(std::string_view source, const std::vector<field>& fields,
                   const boost::json::object& sample);

} // namespace posthorn::templates
