#include "sdk/http/digest.hpp"

#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>

#include <array>
#include <stdexcept>

namespace posthorn::sdk {

namespace {

const EVP_MD* method_of(digest how) {
    switch (how) {
    case digest::md5:
        return ::EVP_md5();
    case digest::sha1:
        return ::EVP_sha1();
    case digest::sha256:
        return ::EVP_sha256();
    case digest::sha512:
        break;
    }
    return ::EVP_sha512();
}

const unsigned char* octets(std::string_view text) {
    return reinterpret_cast<const unsigned char*>(text.data());
}

using sum = std::array<unsigned char, EVP_MAX_MD_SIZE>;

std::string taken(const sum& from, unsigned size) {
    return {reinterpret_cast<const char*>(from.data()), size};
}

} // namespace

std::string hash_of(digest how, std::string_view text) {
    sum out{};
    unsigned size = 0;
    if (::EVP_Digest(text.data(), text.size(), out.data(), &size, method_of(how), nullptr) != 1)
        throw std::runtime_error("OpenSSL makes no such digest here");
    return taken(out, size);
}

std::string hmac_of(digest how, std::string_view key, std::string_view text) {
    sum out{};
    unsigned size = 0;
    if (::HMAC(method_of(how), key.data(), static_cast<int>(key.size()), octets(text), text.size(),
               out.data(), &size) == nullptr)
        throw std::runtime_error("OpenSSL makes no such HMAC here");
    return taken(out, size);
}

std::string hex_of(std::string_view text) {
    constexpr std::string_view digits = "0123456789abcdef";
    std::string out;
    for (const char c : text) {
        const auto octet = static_cast<unsigned char>(c);
        out.append({digits[octet >> 4], digits[octet & 15]});
    }
    return out;
}

std::string hex_sha256(std::string_view text) { return hex_of(hash_of(digest::sha256, text)); }

std::string base64_of(std::string_view text) {
    std::string out((text.size() + 2) / 3 * 4, '\0');
    ::EVP_EncodeBlock(reinterpret_cast<unsigned char*>(out.data()), octets(text),
                      static_cast<int>(text.size()));
    return out;
}

bool same_secret(std::string_view one, std::string_view other) {
    // of equal length, whatever they are
    const auto a = hash_of(digest::sha256, one), b = hash_of(digest::sha256, other);
    return ::CRYPTO_memcmp(a.data(), b.data(), a.size()) == 0;
}

} // namespace posthorn::sdk
