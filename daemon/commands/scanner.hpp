// Goes through a text from a place on; a step that does not fit leaves it where it is. Private to this
// room.
#pragma once

#include "commands/plain_text.hpp"

#include <cstddef>
#include <optional>
#include <string_view>

namespace posthorn::commands {

// Of a run of digits.
inline int value_of(std::u32string_view digits) {
    int value = 0;
    for (const auto c : digits)
        value = value * 10 + static_cast<int>(c - U'0');
    return value;
}

class scanner {
public:
    scanner(const plain_text& text, std::size_t at) : text_(&text), at_(at) {}

    std::size_t at() const { return at_; }
    char32_t next() const { return at_ < text_->size() ? text_->folded[at_] : U'\0'; }
    char32_t after_next() const { return at_ + 1 < text_->size() ? text_->folded[at_ + 1] : U'\0'; }

    // A whole run of digits, if it has so many.
    std::optional<std::u32string_view> digits(std::size_t least, std::size_t most) {
        auto end = at_;
        while (end < text_->size() && is_digit(text_->folded[end]))
            ++end;
        if (end - at_ < least || end - at_ > most)
            return std::nullopt;
        return taken(end);
    }
    bool take(char32_t c) {
        if (next() != c)
            return false;
        ++at_;
        return true;
    }
    bool take_one_of(std::u32string_view set) {
        return at_ < text_->size() && set.find(next()) != std::u32string_view::npos && take(next());
    }
    bool take_word(std::u32string_view word) {
        if (!std::u32string_view(text_->folded).substr(at_).starts_with(word))
            return false;
        at_ += word.size();
        return true;
    }
    // Also with a space before it: "2026 年 10 月".
    bool take_sign(char32_t c) {
        const auto before = at_;
        take(U' ');
        if (take(c))
            return true;
        at_ = before;
        return false;
    }
    // What is read so far ends here: no digit or letter belongs to it still.
    bool ends() const {
        if (at_ == 0 || at_ >= text_->size())
            return true;
        const auto ascii = [](char32_t c) { return c < 0x80 && (is_digit(c) || is_letter(c)); };
        return !ascii(text_->folded[at_ - 1]) || !ascii(next());
    }
    // As ends(); nor does "-01" or ".5" follow.
    bool ends_number() const {
        const bool joined = std::u32string_view(U"-/.").find(next()) != std::u32string_view::npos;
        return ends() && !(joined && is_digit(after_next()));
    }

private:
    std::u32string_view taken(std::size_t end) {
        const auto part = std::u32string_view(text_->folded).substr(at_, end - at_);
        at_ = end;
        return part;
    }

    const plain_text* text_;
    std::size_t at_;
};

} // namespace posthorn::commands
