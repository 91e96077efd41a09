// keep_history and keep_history_of: how long what is over stays.
#pragma once

#include "model/time.hpp"
#include "model/words.hpp"

#include <algorithm>
#include <map>

namespace posthorn::settings {

struct retention_settings {
    duration usual{};                         // also of texts from phones and the log of operations
    std::map<category, duration> by_category; // that differ

    duration of(category c) const {
        const auto own = by_category.find(c);
        return own == by_category.end() ? usual : own->second;
    }
    // Of a month of history: then it goes whole.
    duration longest() const {
        auto out = usual;
        for (const auto& [category, own] : by_category)
            out = std::max(out, own);
        return out;
    }

    bool operator==(const retention_settings&) const = default;
};

} // namespace posthorn::settings
