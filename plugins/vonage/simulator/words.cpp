#include "vonage/simulator/words.hpp"

#include "sdk/http/digest.hpp"

#include <algorithm>
#include <map>

namespace posthorn::vonage::simulator {

using posthorn::simulator::outcome;

namespace {

struct error_row {
    std::uint32_t status;
    std::string_view text;
};

constexpr error_row known_errors[] = {
    {errors::too_fast, "Throughput Rate Exceeded"},
    {errors::missing, "Missing Parameters"},
    {errors::invalid, "Invalid Parameters"},
    {errors::login, "Bad Credentials"},
    {5, "Internal Error"},
    {6, "Invalid Message"},
    {7, "Number Barred"},
    {8, "Partner Account Barred"},
    {9, "Partner Quota Violation"},
    {errors::too_many_binds, "Too Many Existing Binds"},
    {errors::too_long, "Message Too Long"},
    {errors::signature, "Invalid Signature"},
    {errors::sender, "Invalid Sender Address"},
    {errors::callback, "Invalid Callback Url"},
    {errors::both, "Signature And API Secret Disallowed"},
};

// A character, and what it costs in a short message.
std::size_t octets_at(std::string_view text) {
    const auto first = static_cast<unsigned char>(text.front());
    const std::size_t size = first < 0x80 ? 1 : first < 0xE0 ? 2 : first < 0xF0 ? 3 : 4;
    return std::min(size, text.size());
}

std::size_t units_of(std::string_view character, bool unicode) {
    if (unicode)
        return character.size() == 4 ? 2 : 1;
    constexpr std::string_view escaped = "^{}\\[~]|\f";
    return character == "€" || escaped.find(character) != std::string_view::npos ? 2 : 1;
}

std::vector<std::string> pieces(std::string_view words, bool unicode, std::size_t longest) {
    std::vector<std::string> all(1);
    std::size_t used = 0;
    while (!words.empty()) {
        const auto character = words.substr(0, octets_at(words));
        const auto units = units_of(character, unicode);
        if (used + units > longest) {
            all.emplace_back();
            used = 0;
        }
        all.back() += character;
        used += units;
        words.remove_prefix(character.size());
    }
    return all;
}

} // namespace

status status_of(outcome of) {
    switch (of) {
    case outcome::delivered:
        return {"delivered", "0"};
    case outcome::undelivered:
        return {"failed", "12"};
    case outcome::expired:
        return {"expired", "2"};
    case outcome::rejected:
        return {"rejected", "6"};
    case outcome::deleted:
        return {"deleted", "1"};
    case outcome::accepted:
        return {"accepted", "0"};
    case outcome::enroute:
        return {"buffered", "0"};
    case outcome::unknown:
    case outcome::none:
        break;
    }
    return {"unknown", "1"};
}

std::string_view error_text(std::uint32_t status) {
    const auto* const found = std::ranges::find(known_errors, status, &error_row::status);
    return found == std::end(known_errors) ? "Refused" : found->text;
}

std::vector<std::string> cut(std::string_view words, bool unicode) {
    if (auto whole = pieces(words, unicode, unicode ? 70 : 160); whole.size() == 1)
        return whole;
    auto parts = pieces(words, unicode, unicode ? 67 : 153);
    for (std::size_t i = 0; i < parts.size(); ++i)
        parts[i].insert(0, {5, 0, 3, 0, static_cast<char>(parts.size()), static_cast<char>(i + 1)});
    return parts;
}

std::string sign(const sdk::form_fields& fields, std::string_view method,
                 const std::string& secret) {
    std::multimap<std::string_view, std::string_view> by_name(fields.begin(), fields.end());
    by_name.erase("sig");
    std::string all;
    for (const auto& [name, value] : by_name) {
        all.append("&").append(name).append("=");
        for (const char c : value)
            all += c == '&' || c == '=' ? '_' : c;
    }
    const auto sum = method == "md5hash"  ? sdk::hash_of(sdk::digest::md5, all + secret)
                     : method == "md5"    ? sdk::hmac_of(sdk::digest::md5, secret, all)
                     : method == "sha1"   ? sdk::hmac_of(sdk::digest::sha1, secret, all)
                     : method == "sha256" ? sdk::hmac_of(sdk::digest::sha256, secret, all)
                                          : sdk::hmac_of(sdk::digest::sha512, secret, all);
    return sdk::hex_of(sum);
}

} // namespace posthorn::vonage::simulator
