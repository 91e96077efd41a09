#include "email/codec/bounce.hpp"

#include <algorithm>
#include <utility>
#include <vector>

namespace posthorn::email {

namespace {

constexpr std::size_t most_fields = 1000, most_parts = 50, longest_code = 300;

char lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; }

std::string lower(std::string_view text) {
    std::string out(text);
    std::ranges::transform(out, out.begin(), [](char c) { return lower(c); });
    return out;
}

bool same(std::string_view a, std::string_view b) {
    return std::ranges::equal(
        a, b, {}, [](char c) { return lower(c); }, [](char c) { return lower(c); });
}

std::string_view trimmed(std::string_view text) {
    constexpr std::string_view blanks = " \t\r\n";
    const auto begin = text.find_first_not_of(blanks);
    if (begin == text.npos)
        return {};
    return text.substr(begin, text.find_last_not_of(blanks) - begin + 1);
}

std::string_view take_line(std::string_view& rest) {
    auto line = rest.substr(0, rest.find('\n'));
    rest.remove_prefix(std::min(line.size() + 1, rest.size()));
    if (line.ends_with('\r'))
        line.remove_suffix(1);
    return line;
}

// Fields up to an empty line, which is taken too; those that are folded are joined.
class fields {
public:
    explicit fields(std::string_view& rest) {
        while (!rest.empty() && all_.size() < most_fields) {
            const auto line = take_line(rest);
            if (line.empty())
                break;
            const auto colon = line.find(':');
            if ((line.front() == ' ' || line.front() == '\t') && !all_.empty())
                all_.back().second.append(" ").append(trimmed(line));
            else if (colon != line.npos)
                all_.emplace_back(trimmed(line.substr(0, colon)), trimmed(line.substr(colon + 1)));
        }
    }
    std::string_view at(std::string_view name) const {
        for (const auto& [known, value] : all_)
            if (same(known, name))
                return value;
        return {};
    }

private:
    std::vector<std::pair<std::string, std::string>> all_;
};

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

// "<a@b>": a@b
std::string id_in(std::string_view text) {
    const auto begin = text.find('<');
    const auto end = text.find('>', begin == text.npos ? 0 : begin);
    return begin == text.npos || end == text.npos
               ? std::string()
               : std::string(text.substr(begin + 1, end - begin - 1));
}

// "rfc822; zhang@example.com"
std::string address_in(std::string_view field) {
    const auto semicolon = field.find(';');
    return std::string(trimmed(semicolon == field.npos ? field : field.substr(semicolon + 1)));
}

std::string printable(std::string_view text) {
    std::string out;
    for (const char c : text.substr(0, longest_code))
        out += c >= 0x20 && c <= 0x7E ? c : '?';
    return out;
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
            found.ref = id_in(fields(part).at("Message-ID"));
        }
    }
    if (found.ref.empty())
        found.ref = id_in(head.at("In-Reply-To"));
    found.ref = printable(found.ref);
    if (!told || found.ref.empty())
        return std::nullopt;
    return found;
}

} // namespace posthorn::email
