#include "smgp/codec/login.hpp"

#include "sdk/octets.hpp"

namespace posthorn::smgp {

digest authenticator_client(std::string_view client_id, std::string_view secret,
                            std::uint32_t timestamp) {
    return sdk::client_proof(client_id.substr(0, 8), 7, secret, timestamp);
}

digest authenticator_server(std::uint32_t status, std::string_view authenticator_client,
                            std::string_view secret) {
    std::string octets;
    sdk::octet_writer(octets).number(status);
    octets += authenticator_client;
    return sdk::md5(octets += secret);
}

} // namespace posthorn::smgp
