// Where in a month to look for messages; what is found there must be looked at, for it may be
// others. One thread, while the month is open.
#pragma once

#include "model/id.hpp"
#include "model/message.hpp"
#include "store/month_file.hpp"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace posthorn::store {

struct id_range { // from `first` until before `end`
    posthorn::id first = 0;
    posthorn::id end = 0;
};

// Of a month that is sealed or listed.
class numbered_messages {
public:
    numbered_messages(month_file& month, std::string_view number);

    // Of those in `within` the newest `most`, the newest first.
    std::vector<posthorn::id> newest(id_range within, std::size_t most);

private:
    std::int32_t hash_;
    bool sealed_;
    statement rows_;
};

struct wanted_traits { // 0, none, empty: any
    name_id source = 0;
    name_id type = 0;
    std::optional<int> state;
    std::string_view run;
};

// Blocks of a sealed month with all these traits.
class likely_blocks {
public:
    likely_blocks(month_file& month, const wanted_traits& wanted);

    // The newest in `within`, cut to it.
    std::optional<id_range> newest(id_range within);

private:
    wanted_traits wanted_;
    statement rows_;
};

// Messages of this event in a sealed month that do not have the id after it.
std::vector<posthorn::id> messages_apart(SQLite::Database& sealed_month, posthorn::id event);
// Events of a sealed month that may have this key.
std::vector<posthorn::id> events_with_key(SQLite::Database& sealed_month, std::string_view key);

} // namespace posthorn::store
