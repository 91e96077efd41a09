// Texts from phones leave live.db for the month in which they came, as their ids tell it: copied here,
// and only then forgotten there. Copying twice is harmless; where both files have a text, live wins.
//
// Those stay that wait, and those that failed until a person has looked. One thread.
#pragma once

#include "model/id.hpp"

#include <cstddef>
#include <filesystem>
#include <vector>

namespace posthorn::store {

// So long a text stays in live.db. A start needs those of the last minutes.
inline constexpr auto text_kept_live = std::chrono::days(2);

class text_archive {
public:
    text_archive(std::filesystem::path live, std::filesystem::path folder)
        : live_(std::move(live)), folder_(std::move(folder)) {}

    // The oldest behind `after` that may leave, durable in their months when it returns: what
    // forget::texts may name.
    std::vector<posthorn::id> copy(posthorn::id after, instant now, std::size_t limit);

private:
    std::filesystem::path live_, folder_;
};

} // namespace posthorn::store
