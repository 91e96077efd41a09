// Text that stands in a page.
#pragma once

#include <string>
#include <string_view>

namespace posthorn::api {

// Whatever it holds, it stays text, within elements and quoted attributes alike.
inline std::string html(std::string_view text) {
    std::string out;
    for (const char c : text) {
        switch (c) {
        case '&':
            out += "&amp;";
            break;
        case '<':
            out += "&lt;";
            break;
        case '>':
            out += "&gt;";
            break;
        case '"':
            out += "&quot;";
            break;
        case '\'':
            out += "&#39;";
            break;
        default:
            out += c;
        }
    }
    return out;
}

} // namespace posthorn::api
