// A longer text of a settings file (a template, say) that knows where its characters stand, so that
// a mistake inside a text of many lines is reported with its line in the file.
#pragma once

#include "settings/problem.hpp"

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace posthorn::settings {

struct passage {
    struct anchor {
        std::size_t offset = 0; // in octets of `text`
        position at;
    };

    std::string text;
    std::vector<anchor> anchors; // places known for sure, in order; usually where lines begin

    // The place of the octet `offset` of `text`, counted from the anchor before it.
    position at(std::size_t offset) const;
};

} // namespace posthorn::settings
