// Going through a large table some thousand rows at a time, so that no read lasts long. Inside the
// store only.
#pragma once

#include "model/id.hpp"
#include "model/number_spelling.hpp"
#include "store/sqlite/connection.hpp"

#include <chrono>
#include <limits>
#include <stdexcept>
#include <stop_token>
#include <string>
#include <thread>

namespace posthorn::store {

// `look` at the rows in (after, last], by their ids, until the end; then as long a rest. Throws
// std::runtime_error when it is to stop.
template <class Look>
void in_windows(SQLite::Database& db, const std::string& table, const std::stop_token& stop,
                const Look& look) {
    using clock = std::chrono::steady_clock;
    constexpr int rows = 5'000;
    constexpr auto end = std::numeric_limits<posthorn::id>::max();
    statement edge(db, "SELECT id FROM main." + table + " WHERE id>? ORDER BY id LIMIT 1 OFFSET ?");
    for (posthorn::id last = std::numeric_limits<posthorn::id>::min(); last != end;) {
        if (stop.stop_requested())
            throw std::runtime_error("posthornd is stopping");
        const auto began = clock::now();
        const auto after = last;
        last = edge.bind(after, rows - 1).row() ? edge.number(0) : end;
        edge.reset();
        look(after, last);
        if (last != end)
            std::this_thread::sleep_for(clock::now() - began);
    }
}

// In statements of `db`, names_it(text) tells whether it names this number. `spellings` must outlive
// it.
inline void can_tell_names(SQLite::Database& db, const number_spellings& spellings) {
    const auto names = [](sqlite3_context* context, int, sqlite3_value** values) {
        const auto* all = static_cast<const number_spellings*>(sqlite3_user_data(context));
        const auto* text = static_cast<const char*>(sqlite3_value_blob(values[0]));
        const auto size = static_cast<std::size_t>(sqlite3_value_bytes(values[0]));
        sqlite3_result_int(context, text != nullptr && all->in({text, size}) ? 1 : 0);
    };
    auto* of = const_cast<number_spellings*>(&spellings); // as C wants it
    sqlite3_create_function_v2(db.getHandle(), "names_it", 1, SQLITE_UTF8 | SQLITE_DETERMINISTIC,
                               of, names, nullptr, nullptr, nullptr);
}

} // namespace posthorn::store
