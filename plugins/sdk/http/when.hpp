// Times as signatures and reports want them. Pure.
#pragma once

#include "sdk/unit.hpp"

#include <string>

namespace posthorn::sdk {

std::string iso_date(instant at);      // 2026-11-22
std::string iso_time(instant at);      // 01:30:45
std::string date_and_time(instant at); // 2026-11-22 01:30:45
std::string unix_seconds(instant at);

} // namespace posthorn::sdk
