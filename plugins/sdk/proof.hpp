// How the sides of a CMPP or SMGP link prove to each other that they know the secret, which itself is
// never sent: MD5 sums. For the files of a codec that links OpenSSL::Crypto.
#pragma once

#include <openssl/evp.h>

#include <algorithm>
#include <array>
#include <cstdint>
#include <stdexcept>
#include <string>
#include <string_view>

namespace posthorn::sdk {

using digest = std::array<char, 16>;

inline std::string_view octets_of(const digest& d) { return {d.data(), d.size()}; }

inline digest md5(std::string_view octets) {
    digest out;
    unsigned size = 0;
    if (EVP_Digest(octets.data(), octets.size(), reinterpret_cast<unsigned char*>(out.data()),
                   &size, EVP_md5(), nullptr) != 1 ||
        size != out.size())
        throw std::runtime_error("OpenSSL refuses MD5, which a login to this carrier needs: is it "
                                 "in FIPS mode (openssl list -digest-algorithms)?");
    return out;
}

/// MD5(id, so many NULs, secret, timestamp as ten digits).
inline digest client_proof(std::string_view id, std::size_t nuls, std::string_view secret,
                           std::uint32_t timestamp) {
    std::string octets(id);
    octets.append(nuls, '\0');
    octets += secret;
    const auto digits = std::to_string(timestamp);
    octets.append(10 - std::min<std::size_t>(10, digits.size()), '0');
    return md5(octets += digits);
}

} // namespace posthorn::sdk
