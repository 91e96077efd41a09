// Times of a day as people text them; private to this room. See read_argument().
#pragma once

#include "commands/argument_reader.hpp"

namespace posthorn::commands {

std::optional<argument_text> read_time(const plain_text& text, std::size_t at,
                                       std::chrono::year_month_day today);

} // namespace posthorn::commands
