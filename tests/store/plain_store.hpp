// A store for tests: it answers on its own thread, tells nobody else, and its clock stands.
#pragma once

#include "store/live_db.hpp"
#include "store/store.hpp"

#include <memory>

namespace live_db {

inline store::store_options plain_store(const std::filesystem::path& folder) {
    return {.file = folder / "live.db",
            .history = folder / "history",
            .post = [](const std::function<void()>& f) { f(); },
            .complain = [](std::string_view) {},
            .fed = [] {},
            .now = [] { return start_of_time; }};
}

// Puts live.db into a folder as a first start makes it. It is made once: to make it takes longer than what most
// tests do with it.
inline void copy_new_store(const std::filesystem::path& folder) {
    static const auto made = [] {
        auto first = std::make_unique<scratch_folder>();
        const store::store opened(plain_store(first->path()));
        return first;
    }();
    std::filesystem::copy_file(*made / "live.db", folder / "live.db");
}

} // namespace live_db
