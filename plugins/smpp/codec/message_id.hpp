// Carriers' message ids: opaque text, but often one base in submit_sm_resp and another in the
// receipt, padded with zeros or spaces, in either case.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace posthorn::smpp {

/// How an account's ids are to be read: per direction, by setting or learned. `raw` never converts.
enum class id_base : std::uint8_t { raw, hex, dec };

/// The key under which an id of submit_sm_resp meets the id of its receipt: spaces and NULs
/// trimmed, lower case, leading zeros stripped; with hex or dec, ids that fit 64 bits are turned
/// into decimal. Two ids belong together when their keys are equal. Empty for an empty id.
std::string match_key(std::string_view id, id_base base = id_base::raw);

} // namespace posthorn::smpp
