#include "cmpp/codec/login.hpp"

#include "sdk/octets.hpp"

namespace posthorn::cmpp {

digest authenticator_source(std::string_view source_addr, std::string_view secret,
                            std::uint32_t timestamp, bool padded) {
    std::string octets(source_addr.substr(0, 6));
    if (padded)
        octets.resize(6, '\0');
    return sdk::client_proof(octets, 9, secret, timestamp);
}

digest authenticator_ismg(std::uint32_t status, std::size_t status_octets,
                          std::string_view authenticator_source, std::string_view secret) {
    std::string octets;
    sdk::octet_writer(octets).number(status, status_octets);
    octets += authenticator_source;
    return sdk::md5(octets += secret);
}

} // namespace posthorn::cmpp
