// truncate, upper, lower, last, mask_name, mask_number: texts of whole characters.

#include "templates/formatters.hpp"
#include "templates/icu_text.hpp"

#include <unicode/brkiter.h>

#include <algorithm>

namespace posthorn::templates {

namespace {

std::size_t characters_of(std::string_view text) {
    std::size_t count = 0;
    while (!text.empty()) {
        text.remove_prefix(first_character(text));
        ++count;
    }
    return count;
}

// The octets of the first `count` characters.
std::size_t prefix(std::string_view text, std::size_t count) {
    std::size_t octets = 0;
    while (count-- > 0 && octets < text.size())
        octets += first_character(text.substr(octets));
    return octets;
}

// Cuts at what a reader takes for a character: an accent or a flag is not torn apart.
class truncater final : public formatter {
public:
    truncater(std::unique_ptr<icu::BreakIterator> breaks, std::size_t most)
        : breaks_(std::move(breaks)), most_(most) {}

    void append(const scalar& value, std::string& out) override {
        if (value.text.size() <= most_ || characters_of(value.text) <= most_) {
            out += value.text;
            return;
        }
        const auto text = to_icu(value.text);
        breaks_->setText(text);
        int32_t end = breaks_->first();
        for (std::size_t i = 0; i + mark.size() < most_ && end != icu::BreakIterator::DONE; ++i)
            end = breaks_->next();
        const bool fits = end == icu::BreakIterator::DONE || !more_than(end, mark.size());
        if (fits)
            out += value.text;
        else
            (text.tempSubString(0, end).toUTF8String(out)).append(mark);
    }

private:
    // Plain dots: the ellipsis character would make a GSM 7-bit text twice as long.
    static constexpr std::string_view mark = "..";

    // Whether more than `count` characters follow `from`.
    bool more_than(int32_t from, std::size_t count) {
        breaks_->isBoundary(from);
        for (std::size_t i = 0; i <= count; ++i)
            if (breaks_->next() == icu::BreakIterator::DONE)
                return false;
        return true;
    }

    std::unique_ptr<icu::BreakIterator> breaks_;
    std::size_t most_;
};

class case_changer final : public formatter {
public:
    case_changer(bool upper, icu::Locale locale) : upper_(upper), locale_(std::move(locale)) {}

    void append(const scalar& value, std::string& out) override {
        auto text = to_icu(value.text);
        (upper_ ? text.toUpper(locale_) : text.toLower(locale_)).toUTF8String(out);
    }

private:
    bool upper_;
    icu::Locale locale_;
};

} // namespace

made_formatter make_truncate(const filter_call& call) {
    UErrorCode status = U_ZERO_ERROR;
    std::unique_ptr<icu::BreakIterator> breaks(
        icu::BreakIterator::createCharacterInstance(icu::Locale::getRoot(), status));
    if (U_FAILURE(status))
        return refuse("ICU has no data on characters");
    return std::unique_ptr<formatter>(
        std::make_unique<truncater>(std::move(breaks), static_cast<std::size_t>(call.count)));
}

made_formatter make_case(const filter_call& call, const std::string& language) {
    return std::unique_ptr<formatter>(
        std::make_unique<case_changer>(call.filter == filter::upper, locale_of(language)));
}

// Keeps the first character of each word; a name of one character is hidden.
void append_masked_name(std::string_view name, std::string& out) {
    if (characters_of(name) == 1) {
        out += '*';
        return;
    }
    bool first = true;
    while (!name.empty()) {
        const auto octets = first_character(name);
        const bool space = name[0] == ' ';
        if (space || first)
            out += name.substr(0, octets);
        else
            out += '*';
        first = space;
        name.remove_prefix(octets);
    }
}

// 138****5678; with a country code before it if there is one. Short ones keep less, and long ones
// (identity and bank cards) no more than six before and four behind.
void append_masked_number(std::string_view number, std::string& out) {
    const auto count = characters_of(number);
    std::size_t tail = 0;
    std::size_t stars = count;
    if (count >= 11) {
        tail = 4;
        stars = std::max<std::size_t>(4, count - 10);
    } else if (count >= 7) {
        tail = 2;
        stars = count - 4;
    }
    const auto head = prefix(number, count - tail - stars);
    out += number.substr(0, head);
    out.append(stars, '*');
    append_last(number, static_cast<std::int64_t>(tail), out);
}

void append_last(std::string_view text, std::int64_t count, std::string& out) {
    const auto all = characters_of(text);
    const auto wanted = std::min(all, static_cast<std::size_t>(count));
    out += text.substr(prefix(text, all - wanted));
}

} // namespace posthorn::templates
