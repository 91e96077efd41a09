#include "email/codec/opt_out.hpp"

#include "email/codec/mail_fields.hpp"
#include "email/codec/mime.hpp"

#include <charconv>

namespace posthorn::email {

namespace {

constexpr std::string_view opening = "opt-out";

std::string percent_encoded(std::string_view text) {
    constexpr std::string_view hex = "0123456789ABCDEF";
    std::string out;
    for (const char c : text) {
        const auto octet = static_cast<unsigned char>(c);
        if ((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
            c == '-' || c == '.' || c == '_')
            out += c;
        else
            (out += '%').append({hex[octet >> 4], hex[octet & 15]});
    }
    return out;
}

} // namespace

std::string list_unsubscribe(std::string_view to, std::uint64_t message, std::string_view from) {
    const auto subject = std::string(opening) + " " + message_id_of(message, from);
    return "<mailto:" + std::string(to) + "?subject=" + percent_encoded(subject) + ">";
}

std::optional<sdk::opt_out> read_opt_out(std::string_view mail, std::string_view from) {
    const fields head(mail);
    auto subject = head.at("Subject");
    if (!same(subject.substr(0, opening.size()), opening))
        return std::nullopt;
    subject = trimmed(subject.substr(opening.size()));
    if (!is_message_id_of_ours(subject, from))
        return std::nullopt;
    sdk::opt_out out;
    const auto number = subject.substr(subject.find('.') + 1);
    if (std::from_chars(number.data(), number.data() + number.size(), out.message).ec !=
        std::errc())
        return std::nullopt;
    const auto sender = head.at("From");
    out.address = printable(bracketed(sender));
    if (out.address.empty())
        out.address = printable(sender);
    return out;
}

} // namespace posthorn::email
