// The TLVs that an account sends with every part, by the specification's names.
#pragma once

#include <string>
#include <string_view>

namespace posthorn::smgp {

/// What is wrong with an entry of the option `tlvs`, or "".
std::string wrong_tlv(std::string_view name, std::string_view text);

/// Appends a good one in wire form.
void append_configured_tlv(std::string& out, std::string_view name, std::string_view text);

/// MsgSrc, in its width.
void append_msg_src(std::string& out, std::string_view client_id);

} // namespace posthorn::smgp
