// Months and days as people text them; private to this room. See read_argument().
#pragma once

#include "commands/argument_reader.hpp"
#include "commands/scanner.hpp"

namespace posthorn::commands {

std::optional<argument_text> read_month(const plain_text& text, std::size_t at,
                                        std::chrono::year_month_day today);
std::optional<argument_text> read_day(const plain_text& text, std::size_t at,
                                      std::chrono::year_month_day today);

// 2026-11-26 or 20261126, which `in` then has passed.
std::optional<std::chrono::year_month_day> take_full_date(scanner& in);

} // namespace posthorn::commands
