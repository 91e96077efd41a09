#include "sdk/http/escape.hpp"

namespace posthorn::sdk {

namespace {

constexpr std::string_view hex_digits = "0123456789ABCDEF";

bool is_control(char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7F; }

bool is_unreserved(char c) {
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '-' ||
           c == '_' || c == '.' || c == '~';
}

int digit_of(char c) {
    if (c >= '0' && c <= '9')
        return c - '0';
    if (c >= 'a' && c <= 'f')
        return c - 'a' + 10;
    return c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
}

} // namespace

std::string percent_encoded(std::string_view text) {
    std::string out;
    for (const char c : text) {
        const auto octet = static_cast<unsigned char>(c);
        if (is_unreserved(c))
            out += c;
        else
            out.append({'%', hex_digits[octet >> 4], hex_digits[octet & 15]});
    }
    return out;
}

std::optional<std::string> form_decoded(std::string_view text) {
    std::string out;
    for (std::size_t i = 0; i < text.size(); ++i) {
        if (text[i] != '%') {
            out += text[i] == '+' ? ' ' : text[i];
            continue;
        }
        if (text.size() - i < 3)
            return std::nullopt;
        const int high = digit_of(text[i + 1]), low = digit_of(text[i + 2]);
        if (high < 0 || low < 0)
            return std::nullopt;
        out += static_cast<char>(high * 16 + low);
        i += 2;
    }
    return out;
}

std::string form_of(const form_fields& fields) {
    std::string out;
    for (const auto& [name, value] : fields) {
        if (!out.empty())
            out += '&';
        out += percent_encoded(name) + "=" + percent_encoded(value);
    }
    return out;
}

std::optional<form_fields> read_form(std::string_view text) {
    form_fields out;
    while (!text.empty()) {
        const auto pair = text.substr(0, text.find('&'));
        text.remove_prefix(pair.size() < text.size() ? pair.size() + 1 : pair.size());
        if (pair.empty())
            continue;
        const auto equals = pair.find('=');
        auto name = form_decoded(pair.substr(0, equals));
        auto value = form_decoded(equals == std::string_view::npos ? std::string_view()
                                                                   : pair.substr(equals + 1));
        if (!name || !value)
            return std::nullopt;
        out.emplace_back(std::move(*name), std::move(*value));
    }
    return out;
}

std::string json_escaped(std::string_view text) {
    std::string out;
    for (const char c : text) {
        if (c == '"' || c == '\\')
            out.append({'\\', c});
        else if (c == '\n')
            out += "\\n";
        else if (static_cast<unsigned char>(c) < 0x20)
            out.append({'\\', 'u', '0', '0', hex_digits[static_cast<unsigned char>(c) >> 4],
                        hex_digits[static_cast<unsigned char>(c) & 15]});
        else
            out += c;
    }
    return out;
}

std::string xml_escaped(std::string_view text) {
    std::string out;
    for (const char c : text) {
        if (c == '&')
            out += "&amp;";
        else if (c == '<')
            out += "&lt;";
        else if (c == '>')
            out += "&gt;";
        else if (c == '"')
            out += "&quot;";
        else if (c == '\'')
            out += "&apos;";
        else if (c == '\n' || c == '\t' || !is_control(c))
            out += c;
    }
    return out;
}

std::string header_escaped(std::string_view text) {
    std::string out(text);
    for (auto& c : out)
        if (is_control(c))
            c = ' ';
    return out;
}

std::string lower_case(std::string_view ascii) {
    std::string out(ascii);
    for (auto& c : out)
        c = c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
    return out;
}

std::string_view digits_of(std::string_view number) {
    return number.starts_with('+') ? number.substr(1) : number;
}

std::string host_in(std::string_view url) {
    const auto scheme = url.find("://");
    if (scheme != std::string_view::npos)
        url.remove_prefix(scheme + 3);
    return std::string(url.substr(0, url.find_first_of("/?")));
}

} // namespace posthorn::sdk
