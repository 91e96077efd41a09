// The path of a lookup over HTTP: /accounts/{account}/bills?month={month}
#pragma once

#include <cstddef>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

namespace posthorn::lookups {

struct path_parameter {
    std::string name;
    std::size_t offset = 0, length = 0; // of {name}
};

// An open or empty brace is a parameter without a name.
std::vector<path_parameter> parameters_of(std::string_view path);

// With each parameter's value in its place, so written that it cannot leave it.
std::string filled(std::string_view path,
                   const std::function<std::string_view(std::string_view name)>& value_of);

} // namespace posthorn::lookups
