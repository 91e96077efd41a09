#include "cmpp/codec/login.hpp"

#include "sdk/octets.hpp"

#include <openssl/evp.h>

#include <stdexcept>

namespace posthorn::cmpp {

namespace {

digest md5(std::string_view octets) {
    digest out;
    unsigned size = 0;
    if (EVP_Digest(octets.data(), octets.size(), reinterpret_cast<unsigned char*>(out.data()),
                   &size, EVP_md5(), nullptr) != 1 ||
        size != out.size())
        throw std::runtime_error("OpenSSL refuses MD5, which a login to CMPP needs: is it in FIPS "
                                 "mode (openssl list -digest-algorithms)?");
    return out;
}

} // namespace

digest authenticator_source(std::string_view source_addr, std::string_view secret,
                            std::uint32_t timestamp, bool padded) {
    std::string octets(source_addr.substr(0, 6));
    if (padded)
        octets.resize(6, '\0');
    octets.append(9, '\0');
    octets += secret;
    const auto digits = std::to_string(timestamp);
    octets.append(10 - std::min<std::size_t>(10, digits.size()), '0');
    return md5(octets += digits);
}

digest authenticator_ismg(std::uint32_t status, std::size_t status_octets,
                          std::string_view authenticator_source, std::string_view secret) {
    std::string octets;
    sdk::octet_writer(octets).number(status, status_octets);
    octets += authenticator_source;
    return md5(octets += secret);
}

} // namespace posthorn::cmpp
