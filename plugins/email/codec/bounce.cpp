#include "email/codec/bounce.hpp"

#include "email/codec/mail_fields.hpp"

#include <algorithm>
#include <utility>
#include <vector>

namespace posthorn::email {

namespace {

constexpr std::size_t most_parts = 50;

std::string type_of(const fields& head) {
    const auto value = head.at("Content-Type");
    return lower(trimmed(value.substr(0, value.find(';'))));
}

// boundary="x" of a Content-Type.
std::string boundary_of(std::string_view type) {
    constexpr std::string_view name = "boundary=";
    const auto found = lower(type).find(name);
    if (found == std::string::npos)
        return {};
    auto value = type.substr(found + name.size());
    if (!value.starts_with('"'))
        return std::string(trimmed(value.substr(0, value.find_first_of("; \t"))));
    value.remove_prefix(1);
    return std::string(value.substr(0, value.find('"')));
}

// What stands between lines "--boundary".
std::vector<std::string_view> parts_of(std::string_view body, const std::string& boundary) {
    std::vector<std::string_view> parts;
    const auto mark = "--" + boundary;
    const char* begin = nullptr;
    while (!body.empty() && parts.size() < most_parts) {
        const auto* at = body.data();
        const auto line = take_line(body);
        if (!line.starts_with(mark))
            continue;
        if (begin != nullptr)
            parts.emplace_back(begin, static_cast<std::size_t>(at - begin));
        begin = body.data();
        if (line.substr(mark.size()).starts_with("--"))
            return parts;
    }
    if (begin != nullptr && parts.size() < most_parts) // it was cut short
        parts.emplace_back(begin, static_cast<std::size_t>(body.data() + body.size() - begin));
    return parts;
}

// "rfc822; zhang@example.com"
std::string address_in(std::string_view field) {
    const auto semicolon = field.find(';');
    return std::string(trimmed(semicolon == field.npos ? field : field.substr(semicolon + 1)));
}

sdk::receipt_state state_of(std::string_view action) {
    if (same(action, "failed"))
        return sdk::receipt_state::undelivered;
    if (same(action, "delivered"))
        return sdk::receipt_state::delivered;
    return sdk::receipt_state::enroute; // delayed, relayed, expanded: not its end
}

// The first recipient: a letter of ours has one. False: nothing is said of any.
bool read_status(std::string_view part, bounce& into) {
    while (!part.empty()) {
        const fields group(part);
        const auto action = group.at("Action");
        if (action.empty())
            continue;
        into.state = state_of(action);
        const auto status = group.at("Status"), said = group.at("Diagnostic-Code");
        into.code = printable(std::string(status) + (status.empty() || said.empty() ? "" : " ") +
                              std::string(said));
        const auto original = group.at("Original-Recipient");
        into.recipient =
            printable(address_in(original.empty() ? group.at("Final-Recipient") : original));
        return true;
    }
    return false;
}

} // namespace

std::optional<bounce> read_bounce(std::string_view mail) {
    const fields head(mail);
    if (type_of(head) != "multipart/report")
        return std::nullopt;
    const auto boundary = boundary_of(head.at("Content-Type"));
    if (boundary.empty())
        return std::nullopt;
    bounce found;
    bool told = false;
    for (auto part : parts_of(mail, boundary)) {
        const fields of_part(part);
        const auto type = type_of(of_part);
        if (type == "message/delivery-status" || type == "message/global-delivery-status") {
            told = read_status(part, found);
        } else if (type == "message/rfc822" || type == "text/rfc822-headers" ||
                   type == "message/global" || type == "message/global-headers") {
            found.ref = bracketed(fields(part).at("Message-ID"));
        }
    }
    if (found.ref.empty())
        found.ref = bracketed(head.at("In-Reply-To"));
    found.ref = printable(found.ref);
    if (!told || found.ref.empty())
        return std::nullopt;
    return found;
}

} // namespace posthorn::email
