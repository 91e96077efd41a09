// What a carrier's answer to a submit asks of us. Its codes are the protocol's; vendors give them
// meanings of their own, so an account may override any.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace posthorn::sdk {

enum class result_class : std::uint8_t {
    ok,
    permanent, ///< this message will never pass
    transient, ///< retry later
    throttle,  ///< too fast: slow down and retry, not counted as an attempt
    config,    ///< every message will fail the same way until somebody changes a setting
    link,      ///< the session is in a wrong state: reconnect
    uncertain, ///< never by itself, only where an account says so: the text may have been taken
};

struct meaning {
    result_class kind = result_class::permanent;
    std::string_view words; // empty: not of the specification
};

/// What we call a code in logs and verdicts: "8 flow control".
inline std::string code_word(std::uint32_t code, const meaning& means) {
    return std::to_string(code) + (means.words.empty() ? "" : " ") + std::string(means.words);
}

/// What a code that no account has overridden asks of us: one that is not of the specification gets a
/// second attempt. `attempt`: 1 is the first.
constexpr result_class usual_class(const meaning& means, unsigned attempt) noexcept {
    return means.words.empty() && attempt <= 1 ? result_class::transient : means.kind;
}

constexpr std::string_view name(result_class value) noexcept {
    constexpr std::string_view names[] = {"ok",     "permanent", "transient", "throttle",
                                          "config", "link",      "uncertain"};
    return names[static_cast<std::size_t>(value)];
}

/// What an account may say of a code.
constexpr std::string_view classes_to_choose = "permanent|transient|throttle|uncertain";

constexpr std::optional<result_class> chosen_class(std::string_view word) noexcept {
    for (const auto known : {result_class::permanent, result_class::transient,
                             result_class::throttle, result_class::uncertain})
        if (name(known) == word)
            return known;
    return std::nullopt;
}

} // namespace posthorn::sdk
