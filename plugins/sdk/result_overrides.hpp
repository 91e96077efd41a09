// What an account says of its carrier's codes where they mean something else there, in an option of
// kind map: `8: transient`. For protocols whose codes are plain numbers.
#pragma once

#include "sdk/numerals.hpp"
#include "sdk/result_class.hpp"

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace posthorn::sdk {

class result_overrides {
public:
    explicit result_overrides(const std::vector<std::pair<std::string, std::string>>& entries) {
        for (const auto& [code, word] : entries)
            classes_.insert_or_assign(whole_number<std::uint32_t>(code).value(),
                                      chosen_class(word).value());
    }

    std::optional<result_class> of(std::uint32_t code) const {
        const auto found = classes_.find(code);
        return found == classes_.end() ? std::nullopt : std::optional(found->second);
    }

    /// What is wrong with an entry, or "": for option::check.
    static std::string wrong_entry(std::string_view code, std::string_view word) {
        if (const auto number = whole_number<std::uint32_t>(code); !number || *number == 0)
            return "is no code of a refusal: write its number, e.g. 8";
        return chosen_class(word) ? "" : "must be one of " + std::string(classes_to_choose);
    }

private:
    std::map<std::uint32_t, result_class> classes_;
};

} // namespace posthorn::sdk
