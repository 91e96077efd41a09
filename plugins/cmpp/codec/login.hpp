// How both sides of a CMPP link prove that they know the secret, which itself is never sent.
#pragma once

#include "sdk/proof.hpp"

namespace posthorn::cmpp {

using sdk::digest;
using sdk::octets_of;

/// MD5(source_addr, nine NULs, secret, timestamp as ten digits). `padded`: source_addr is filled up to
/// its six octets with NULs first; gateways differ about shorter ones.
digest authenticator_source(std::string_view source_addr, std::string_view secret,
                            std::uint32_t timestamp, bool padded = false);

/// MD5(status, the request's authenticator, secret). `status_octets`: 1 in 2.0, 4 in 3.0; many gateways
/// get that wrong.
digest authenticator_ismg(std::uint32_t status, std::size_t status_octets,
                          std::string_view authenticator_source, std::string_view secret);

} // namespace posthorn::cmpp
