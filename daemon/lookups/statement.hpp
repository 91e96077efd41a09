// The query of a lookup before any database sees it: where its :parameters are, whether it is one
// statement, and whether it only reads. What quotes and comments hide is nobody's parameter.
#pragma once

#include "settings/system_settings.hpp"

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace posthorn::lookups {

struct parameter_at {
    std::string name;
    std::size_t offset = 0; // of its ':'
};

struct statement_mistake {
    std::size_t offset = 0;
    std::string what;
};

struct statement {
    std::vector<parameter_at> parameters; // in the order of the text; a name may come again
    std::size_t length = 0;               // of the text without a ';' at its end
    std::vector<statement_mistake> mistakes;
};

// `dialect`: sqlite or postgresql; they quote differently.
statement read_statement(std::string_view text, settings::system_kind dialect);

// The text with ?1 ($1 for postgresql) for each :first_of_takes, and so on; all parameters must be
// in `takes`.
std::string numbered(std::string_view text, const statement& s,
                     const std::vector<std::string>& takes, settings::system_kind dialect);

} // namespace posthorn::lookups
