#include "sdk/simulator/http/claim.hpp"

#include <algorithm>

namespace posthorn::simulator::http {

namespace {

std::string_view value_of(std::string_view text, std::string_view name) {
    const auto at = text.find(name);
    if (at == std::string_view::npos)
        return {};
    const auto value = text.substr(at + name.size());
    return value.substr(0, value.find_first_of(", "));
}

// The first of a list, which is taken off.
std::string_view next_name(std::string_view& names) {
    const auto end = std::min(names.find(';'), names.size());
    const auto name = names.substr(0, end);
    names.remove_prefix(std::min(end + 1, names.size()));
    return name;
}

} // namespace

bool claim::signs(std::string_view header) const {
    for (auto names = signed_headers; !names.empty();)
        if (next_name(names) == header)
            return true;
    return false;
}

std::optional<claim> read_claim(std::string_view authorization, std::string_view scheme) {
    if (!authorization.starts_with(scheme))
        return std::nullopt;
    claim c{.credential = value_of(authorization, "Credential="),
            .signed_headers = value_of(authorization, "SignedHeaders="),
            .signature = value_of(authorization, "Signature=")};
    if (c.credential.empty() || c.signed_headers.empty() || c.signature.empty())
        return std::nullopt;
    return c;
}

std::string signed_lines(const message& asked, const claim& its) {
    std::string lines;
    for (auto names = its.signed_headers; !names.empty();) {
        const auto name = next_name(names);
        lines.append(name).append(":").append(asked.header(name)).append("\n");
    }
    return lines;
}

} // namespace posthorn::simulator::http
