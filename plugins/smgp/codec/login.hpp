// How both sides of an SMGP link prove that they know the secret, which itself is never sent.
#pragma once

#include "sdk/proof.hpp"

namespace posthorn::smgp {

using sdk::digest;
using sdk::octets_of;

/// MD5(client_id, seven NULs, secret, timestamp as ten digits).
digest authenticator_client(std::string_view client_id, std::string_view secret,
                            std::uint32_t timestamp);

/// MD5(status, the request's authenticator, secret).
digest authenticator_server(std::uint32_t status, std::string_view authenticator_client,
                            std::string_view secret);

} // namespace posthorn::smgp
