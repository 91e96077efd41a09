// Whether a text names a phone number, in any of the ways in which people and carriers write it, or an
// e-mail address.
#pragma once

#include "model/number.hpp"

namespace posthorn {

class number_spellings {
public:
    // E.164 without '+', or an address; `countries`: whose national numbers may stand for it.
    number_spellings(std::string_view number, const std::vector<country>& countries);

    // +86 138-0013-8000, 0086138..., 013800138000: digits with at most one space, dot, dash or
    // parenthesis between two of them, and no digit before or after.
    bool in(std::string_view text) const;

private:
    std::vector<std::string> ways_;
};

} // namespace posthorn
