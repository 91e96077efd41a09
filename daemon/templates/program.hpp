// A checked template: every name is a place, every literal a value of the right kind. Whatever it
// reads is there, or guarded.
#pragma once

#include "settings/passage.hpp"
#include "templates/field.hpp"
#include "templates/filter.hpp"
#include "templates/value.hpp"
#include "templates/zone.hpp"

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace posthorn::templates {

enum class operation : std::uint8_t {
    constant,
    path,
    loop_index, // from 1
    loop_first,
    loop_last,
    filter,
    fall_back, // the second operand where the first is missing
    holds,     // there; a boolean: and true; a list: and not empty
    negate,
    all,
    any,
    equal,
    unequal,
    less,
    less_equal,
    greater,
    greater_equal
};

struct expression {
    operation what = operation::constant;
    std::size_t frame = 0;         // path, loop_*: 0 the event's fields, n the item of loop n
    std::vector<std::size_t> path; // places of fields in objects
    scalar constant;               // its text is `text`
    std::string text;              // constant: a text; path: as written, for messages
    filter_call call;              // filter
    std::vector<expression> operands;
};

enum class action : std::uint8_t { text, output, branches, loop };

struct branch;

struct step {
    templates::action action = action::text;
    std::string text;
    expression value;
    std::vector<branch> branches;
    std::vector<step> body;
};

struct branch {
    std::vector<expression> condition; // none: else
    std::vector<step> body;
};

struct program {
    std::string language;
    std::vector<step> steps;
};

struct compile_mistake {
    std::size_t offset = 0;
    std::string what;
};

struct compiled {
    std::shared_ptr<const program> code; // null if there are mistakes
    std::vector<compile_mistake> mistakes;
};

// Parses and checks a template against the declared fields.
compiled compile(std::string_view source, const std::vector<field>& fields,
                 const std::string& language, const zone& local);

} // namespace posthorn::templates
