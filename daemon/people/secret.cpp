#include "people/secret.hpp"

#include "model/digits.hpp"
#include "tokens/digest.hpp"

#include <openssl/evp.h>

#include <array>
#include <charconv>
#include <cstdint>
#include <optional>
#include <stdexcept>
#include <vector>

namespace posthorn::people {

namespace {

constexpr std::size_t salt_octets = 16, key_octets = 32;

struct cost {
    unsigned log_n = 12, r = 8, p = 1; // 4 MiB, some milliseconds
};

std::string derived(std::string_view secret, std::string_view salt, const cost& c) {
    constexpr std::uint64_t most_memory = 64U << 20;
    std::string key(key_octets, '\0');
    const auto* salt_at = reinterpret_cast<const unsigned char*>(salt.data());
    auto* key_at = reinterpret_cast<unsigned char*>(key.data());
    if (EVP_PBE_scrypt(secret.data(), secret.size(), salt_at, salt.size(),
                       std::uint64_t{1} << c.log_n, c.r, c.p, most_memory, key_at, key.size()) != 1)
        throw std::runtime_error("OpenSSL cannot make an scrypt hash");
    return key;
}

std::vector<std::string_view> split(std::string_view text) {
    std::vector<std::string_view> out;
    for (;;) {
        const auto end = text.find('$');
        out.push_back(text.substr(0, end));
        if (end == std::string_view::npos)
            return out;
        text.remove_prefix(end + 1);
    }
}

bool read(std::string_view text, unsigned most, unsigned& n) {
    const auto* end = text.data() + text.size();
    const auto done = std::from_chars(text.data(), end, n);
    return done.ec == std::errc() && done.ptr == end && n > 0 && n <= most;
}

// Each digit as far from the one before as the second from the first: 0000, 1234, 8642, 7890.
bool evenly_spaced(std::string_view digits) {
    const auto step = [&](std::size_t i) { return (digits[i] - digits[i - 1] + 10) % 10; };
    for (std::size_t i = 2; i < digits.size(); ++i)
        if (step(i) != step(1))
            return false;
    return true;
}

} // namespace

std::string pin_mistake(std::string_view pin, std::string_view number) {
    if (!all_digits(pin) || pin.size() < 4 || pin.size() > 8)
        return "a PIN has 4 to 8 digits";
    if (evenly_spaced(pin))
        return "this PIN is one that everybody tries first: choose another";
    if (number.ends_with(pin))
        return "this PIN is the end of the number itself: choose another";
    return {};
}

std::string new_code() {
    constexpr std::uint32_t codes = 1'000'000;
    constexpr std::uint32_t even = UINT32_MAX - UINT32_MAX % codes; // below it none is likelier
    for (;;) {
        std::uint32_t random = 0;
        for (const char c : tokens::random_octets(sizeof random))
            random = random << 8 | static_cast<unsigned char>(c);
        if (random >= even)
            continue;
        auto digits = std::to_string(random % codes);
        return digits.insert(0, 6 - digits.size(), '0');
    }
}

std::string hash_of(std::string_view secret) {
    const cost c;
    const auto salt = tokens::random_octets(salt_octets);
    return "scrypt$" + std::to_string(c.log_n) + "$" + std::to_string(c.r) + "$" +
           std::to_string(c.p) + "$" + tokens::base64(salt) + "$" +
           tokens::base64(derived(secret, salt, c));
}

bool fits(std::string_view secret, std::string_view hash) {
    const auto pieces = split(hash);
    cost c;
    std::string salt, key;
    if (pieces.size() != 6 || pieces[0] != "scrypt" || !read(pieces[1], 16, c.log_n) ||
        !read(pieces[2], 8, c.r) || !read(pieces[3], 4, c.p) ||
        !tokens::read_base64(pieces[4], salt) || !tokens::read_base64(pieces[5], key))
        return false;
    return tokens::same(derived(secret, salt, c), key);
}

} // namespace posthorn::people
