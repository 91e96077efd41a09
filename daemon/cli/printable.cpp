#include "cli/printable.hpp"

#include "encoding/utf8.hpp"

namespace posthorn::cli {

std::string printable(std::string_view text) {
    std::string out;
    out.reserve(text.size());
    for (std::size_t at = 0; at < text.size();) {
        const auto c = encoding::read_char(text, at);
        const bool line = c.code == '\n' || c.code == '\t';
        const bool control = c.code < 0x20 || (c.code >= 0x7F && c.code < 0xA0);
        if (c.octets == 0)
            encoding::append_utf8(out, encoding::replacement);
        else if (control && !line)
            out += '?';
        else
            out += text.substr(at, c.octets);
        at += c.octets == 0 ? 1 : c.octets;
    }
    return out;
}

} // namespace posthorn::cli
