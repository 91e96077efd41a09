#include "commands/boundary.hpp"

#include <algorithm>

namespace posthorn::commands {

namespace {

bool is_glued(const plain_text& text, std::size_t end, bool (*is)(char32_t)) {
    return end > 0 && end < text.size() && is(text.folded[end - 1]) && is(text.folded[end]);
}

} // namespace

std::optional<read_arguments> read_after_word(const command& asked, const plain_text& text,
                                              std::size_t end, std::chrono::year_month_day today) {
    if (is_glued(text, end, is_digit))
        return std::nullopt;
    auto read = read_all(asked.takes, text, end, today);
    if (is_glued(text, end, is_letter)) {
        const bool words = std::ranges::any_of(asked.takes, is_free_text, &argument::kind);
        if (read.wrong || words)
            return std::nullopt;
    }
    return read;
}

} // namespace posthorn::commands
