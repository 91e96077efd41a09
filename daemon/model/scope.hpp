// What may be paused or stopped: all sending, or that of one account, source, type or run. A type
// or a run may be meant of one source only: each source names its runs as it likes.
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>

namespace posthorn {

enum class scope_kind : std::uint8_t { everything, account, source, type, run };

inline constexpr std::array<std::string_view, 5> scope_kind_names{"everything", "account", "source",
                                                                  "type", "run"};

constexpr std::string_view name_of(scope_kind k) {
    return scope_kind_names[static_cast<std::size_t>(k)];
}

struct scope {
    scope_kind kind = scope_kind::everything;
    std::string name;        // empty for everything
    std::string source = {}; // of a type or run: of this source only; empty: of every source

    auto operator<=>(const scope&) const = default;

    // `other` is the same, or the same of one source.
    bool includes(const scope& other) const {
        return kind == other.kind && name == other.name &&
               (source.empty() || source == other.source);
    }
};

// "everything", "run bills-2026-11", "run bills-2026-11 of billing"
inline std::string shown(const scope& s) {
    return std::string(name_of(s.kind)) + (s.name.empty() ? "" : " " + s.name) +
           (s.source.empty() ? "" : " of " + s.source);
}

// What is to be typed after a verb: "--run bills-2026-11 --source billing"; nothing for everything.
inline std::string option_of(const scope& s) {
    return (s.kind == scope_kind::everything
                ? std::string()
                : " --" + std::string(name_of(s.kind)) + " " + s.name) +
           (s.source.empty() ? "" : " --source " + s.source);
}

} // namespace posthorn
