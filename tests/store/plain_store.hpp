// A store for tests: it answers on its own thread, tells nobody else, and its clock stands.
#pragma once

#include "store/live_db.hpp"
#include "store/store.hpp"

namespace live_db {

inline store::store_options plain_store(const std::filesystem::path& folder) {
    return {.file = folder / "live.db",
            .history = folder / "history",
            .post = [](const std::function<void()>& f) { f(); },
            .complain = [](std::string_view) {},
            .fed = [] {},
            .now = [] { return start_of_time; }};
}

} // namespace live_db
