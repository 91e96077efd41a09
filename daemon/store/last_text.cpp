#include "store/last_text.hpp"

#include <algorithm>
#include <array>

namespace posthorn::store {

namespace {

constexpr std::size_t at_once = 20;

// It is, or may be, on the phone.
bool has_left(std::string_view state) {
    static constexpr std::array states{message_state::sending,     message_state::submitted,
                                       message_state::delivered,   message_state::partial,
                                       message_state::unconfirmed, message_state::uncertain};
    return std::ranges::any_of(states, [&](auto s) { return name_of(s) == state; });
}

std::optional<instant> last_of(search& messages, const search_query& which) {
    search_page page;
    do {
        page = messages.find(which, page.after, at_once);
        for (const auto& row : page.rows)
            if (has_left(row.state))
                return row.final_at != instant{} ? row.final_at : row.event.received_at;
    } while (!page.after.empty() && page.in_time);
    return std::nullopt;
}

} // namespace

std::optional<instant> last_text_of(search& messages, const std::string& number,
                                    const std::vector<std::string>& types, instant since) {
    std::optional<instant> last;
    for (const auto& type : types)
        last = std::max(last, last_of(messages, {.type = type, .number = number, .since = since}));
    return last;
}

} // namespace posthorn::store
