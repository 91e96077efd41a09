// A number that is being erased, and what stands where it stood.
#pragma once

#include "model/number_spelling.hpp"

#include <functional>
#include <string>
#include <string_view>

namespace posthorn::store {

struct erased_number {
    std::string number; // E.164 without '+'
    number_spellings spellings;
    std::string evidence; // stands for it where a row is evidence: always the same for this number
    std::function<bool(std::string_view type)> is_evidence; // that a message was sent; any thread

    std::string instead_in(std::string_view type) const {
        return is_evidence(type) ? evidence : std::string(nothing);
    }
    static constexpr std::string_view nothing = "erased";
};

} // namespace posthorn::store
