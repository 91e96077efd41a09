// Named points where a test build dies as by kill -9, so that every step between a commit and its
// effect can be the last one. POSTHORN_FAULT="after drain:3" kills at the third passage. Nothing in
// production builds.
#pragma once

#include <string_view>

namespace posthorn::store {

#ifdef POSTHORN_FAULT_POINTS
void fault_point(std::string_view name);
#else
inline void fault_point(std::string_view) {}
#endif

} // namespace posthorn::store
