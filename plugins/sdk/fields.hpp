// Names with texts, in their order: headers, the fields of a form.
#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace posthorn::sdk {

using field_list = std::vector<std::pair<std::string, std::string>>;

// The first of that name, letter by letter; empty: there is none.
inline std::string_view field_of(const field_list& fields, std::string_view name) {
    for (const auto& [key, value] : fields)
        if (key == name)
            return value;
    return {};
}

} // namespace posthorn::sdk
