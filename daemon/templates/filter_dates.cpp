// date, time: ICU's calendars. A bill run formats the same few days a million times, so the last
// results are kept.

#include "templates/formatters.hpp"
#include "templates/icu_text.hpp"

#include "settings/problem.hpp"

#include <unicode/dtptngen.h>
#include <unicode/smpdtfmt.h>

#include <array>
#include <optional>

namespace posthorn::templates {

namespace {

constexpr std::array<std::string_view, 4> styles{"short", "medium", "long", "full"};
constexpr std::string_view date_letters = "GyYuUrQqMLlwWdDFgEec";
constexpr std::string_view time_letters = "abBhHKkjJCmsSAzZOvVXx";

class date_formatter final : public formatter {
public:
    explicit date_formatter(std::unique_ptr<icu::DateFormat> format) : format_(std::move(format)) {}

    void append(const scalar& value, std::string& out) override {
        auto& kept = kept_[static_cast<std::uint64_t>(value.number) % kept_.size()];
        if (!kept.used || kept.number != value.number) {
            kept.text.clear();
            icu::UnicodeString text;
            // ICU counts milliseconds in a double, which holds them exactly for any year we accept.
            format_->format(static_cast<UDate>(millis_of(value)), text);
            append_normalised(text, kept.text);
            kept.number = value.number;
            kept.used = true;
        }
        out += kept.text;
    }

private:
    struct result_kept {
        bool used = false;
        std::int64_t number = 0;
        std::string text;
    };

    static std::int64_t millis_of(const scalar& value) {
        if (value.kind == kind::date)
            return value.number * 86'400'000;
        const auto millis = value.number / 1000;
        return value.number % 1000 < 0 ? millis - 1 : millis;
    }

    std::unique_ptr<icu::DateFormat> format_;
    std::array<result_kept, 61> kept_; // a prime, so that whole minutes do not share one place
};

std::optional<icu::DateFormat::EStyle> style_of(std::string_view word, bool time) {
    if (word.empty())
        return time ? icu::DateFormat::kShort : icu::DateFormat::kMedium;
    if (word == "short")
        return icu::DateFormat::kShort;
    if (word == "medium")
        return icu::DateFormat::kMedium;
    if (word == "long")
        return icu::DateFormat::kLong;
    if (word == "full")
        return icu::DateFormat::kFull;
    return std::nullopt;
}

std::optional<std::string> wrong_skeleton(const filter_call& call) {
    for (const char c : call.word) {
        const bool known = date_letters.find(c) != std::string_view::npos ||
                           time_letters.find(c) != std::string_view::npos;
        if (!known || call.word.size() > 20)
            return "neither a style (short, medium, long, full) nor a skeleton (like yMMMd or Hm): "
                   "'" +
                   call.word + "'" + settings::did_you_mean(call.word, styles);
    }
    if (call.input == kind::date && call.word.find_first_of(time_letters) != std::string::npos)
        return "a date has no time of day, but '" + call.word + "' asks for one";
    return std::nullopt;
}

std::unique_ptr<icu::DateFormat> format_of(const filter_call& call, const icu::Locale& locale,
                                           UErrorCode& status) {
    const bool time = call.filter == filter::time;
    if (const auto style = style_of(call.word, time))
        return std::unique_ptr<icu::DateFormat>(
            time ? icu::DateFormat::createTimeInstance(*style, locale)
                 : icu::DateFormat::createDateInstance(*style, locale));
    const std::unique_ptr<icu::DateTimePatternGenerator> generator(
        icu::DateTimePatternGenerator::createInstance(locale, status));
    if (U_FAILURE(status))
        return nullptr;
    const auto pattern = generator->getBestPattern(to_icu(call.word), status);
    return std::make_unique<icu::SimpleDateFormat>(pattern, locale, status);
}

} // namespace

made_formatter make_date(const filter_call& call, const std::string& language, const zone& local) {
    const bool time = call.filter == filter::time;
    if (!style_of(call.word, time))
        if (auto wrong = wrong_skeleton(call))
            return refuse(std::move(*wrong));
    UErrorCode status = U_ZERO_ERROR;
    auto format = format_of(call, locale_of(language), status);
    if (!format || U_FAILURE(status))
        return refuse("ICU cannot format '" + call.word + "' in " + language);
    if (call.input == kind::date)
        format->adoptTimeZone(icu::TimeZone::createTimeZone("UTC"));
    else
        format->setTimeZone(local.rules());
    return std::unique_ptr<formatter>(std::make_unique<date_formatter>(std::move(format)));
}

} // namespace posthorn::templates
