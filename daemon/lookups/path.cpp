#include "lookups/path.hpp"

#include "sdk/http/escape.hpp"

namespace posthorn::lookups {

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
        out += sdk::percent_encoded(value_of(p.name));
        from = p.offset + p.length;
    }
    return out += path.substr(from);
}

} // namespace posthorn::lookups
