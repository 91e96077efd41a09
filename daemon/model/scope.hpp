// What a person may pause or stop: all sending, or that of one account, source, type or run.
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
    std::string name; // empty for everything

    auto operator<=>(const scope&) const = default;
};

// "everything", "run bills-2026-11"
inline std::string shown(const scope& s) {
    return std::string(name_of(s.kind)) + (s.name.empty() ? "" : " " + s.name);
}

// What is to be typed after a verb: "--run bills-2026-11"; nothing for everything.
inline std::string option_of(const scope& s) {
    return s.kind == scope_kind::everything ? std::string()
                                            : " --" + std::string(name_of(s.kind)) + " " + s.name;
}

} // namespace posthorn
