// What the texts of a command may use; private to this room. See answer_data() for the values.
#pragma once

#include "commands/command.hpp"

#include <vector>

namespace posthorn::commands {

std::vector<templates::field> answer_fields(const command& c, const lookup_shape& shape);
std::vector<templates::field> empty_fields(const command& c);

// Good arguments of every kind the command takes.
boost::json::object sample_arguments(const command& c);

} // namespace posthorn::commands
