#include "lookups/path.hpp"

namespace posthorn::lookups {

namespace {

// RFC 3986: only what is unreserved stays as it is.
void append_encoded(std::string& out, std::string_view value) {
    constexpr std::string_view digits = "0123456789ABCDEF";
    for (const char c : value) {
        const auto octet = static_cast<unsigned char>(c);
        const bool plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
                           (c >= '0' && c <= '9') || c == '-' || c == '_' || c == '~' || c == '.';
        if (plain) {
            out += c;
        } else {
            out += '%';
            out += digits[octet >> 4];
            out += digits[octet & 15];
        }
    }
}

} // namespace

std::vector<path_parameter> parameters_of(std::string_view path) {
    std::vector<path_parameter> all;
    for (std::size_t at = 0; (at = path.find('{', at)) != std::string_view::npos;) {
        const auto close = path.find('}', at);
        const bool open = close == std::string_view::npos;
        const auto length = open ? path.size() - at : close + 1 - at;
        all.push_back({open ? "" : std::string(path.substr(at + 1, length - 2)), at, length});
        at += length;
    }
    return all;
}

std::string filled(std::string_view path,
                   const std::function<std::string_view(std::string_view name)>& value_of) {
    std::string out;
    std::size_t from = 0;
    for (const auto& p : parameters_of(path)) {
        out += path.substr(from, p.offset - from);
        append_encoded(out, value_of(p.name));
        from = p.offset + p.length;
    }
    return out += path.substr(from);
}

} // namespace posthorn::lookups
