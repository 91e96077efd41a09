#include "tokens/digest.hpp"

#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <openssl/rand.h>

#include <stdexcept>

namespace posthorn::tokens {

namespace {

// OpenSSL counts in unsigned octets.
const unsigned char* octets_of(std::string_view text) {
    return reinterpret_cast<const unsigned char*>(text.data());
}

unsigned char* octets_of(std::string& text) {
    return reinterpret_cast<unsigned char*>(text.data());
}

void expect(bool done, const char* what) {
    if (!done)
        throw std::runtime_error(std::string("OpenSSL cannot make ") + what);
}

} // namespace

std::string random_octets(std::size_t count) {
    std::string out(count, '\0');
    expect(RAND_bytes(octets_of(out), static_cast<int>(count)) == 1, "random octets");
    return out;
}

std::string sha256(std::string_view octets) {
    std::string out(32, '\0');
    expect(EVP_Digest(octets.data(), octets.size(), octets_of(out), nullptr, EVP_sha256(),
                      nullptr) == 1,
           "a SHA-256");
    return out;
}

std::string hmac_sha256(std::string_view key, std::string_view octets) {
    std::string out(32, '\0');
    unsigned size = 0;
    expect(HMAC(EVP_sha256(), key.data(), static_cast<int>(key.size()), octets_of(octets),
                octets.size(), octets_of(out), &size) != nullptr,
           "an HMAC");
    return out;
}

bool same(std::string_view a, std::string_view b) {
    return a.size() == b.size() && CRYPTO_memcmp(a.data(), b.data(), a.size()) == 0;
}

std::string hex(std::string_view octets) {
    constexpr std::string_view digits = "0123456789abcdef";
    std::string out;
    for (const char c : octets) {
        out += digits[static_cast<unsigned char>(c) >> 4];
        out += digits[static_cast<unsigned char>(c) & 15];
    }
    return out;
}

std::string base64(std::string_view octets) {
    std::string out((octets.size() + 2) / 3 * 4 + 1, '\0'); // and the zero OpenSSL writes
    EVP_EncodeBlock(octets_of(out), octets_of(octets), static_cast<int>(octets.size()));
    out.pop_back();
    return out;
}

bool read_base64(std::string_view text, std::string& octets) {
    octets.assign(text.size() / 4 * 3, '\0');
    if (text.empty() || text.size() % 4 != 0)
        return false;
    const int read =
        EVP_DecodeBlock(octets_of(octets), octets_of(text), static_cast<int>(text.size()));
    if (read < 0)
        return false;
    const auto end = text.find_last_not_of('=');
    const auto padding = text.size() - 1 - end;
    if (end == std::string_view::npos || padding > 2)
        return false;
    octets.resize(static_cast<std::size_t>(read) - padding);
    return true;
}

} // namespace posthorn::tokens
