// The content of a Deliver that is a status report:
//
//     id:IIIIIIIIII sub:001 dlvrd:001 submit date:YYMMDDhhmm done date:YYMMDDhhmm
//     stat:DELIVRD err:000 text:LLLxxxxxxxxxxxxxxxxx
//
// The ten octets of the id are binary and may hold anything, so they are cut out by their place. The
// rest is read by its keywords: gateways differ in spacing and capitals.
#pragma once

#include "sdk/receipt_text.hpp"
#include "sdk/report_state.hpp"

#include <string>

namespace posthorn::smgp {

struct report {
    std::string id;                          // 20 hexadecimal digits, of the Submit_Resp
    std::string_view sub, dlvrd;             // 3 digits each
    std::string_view submit_date, done_date; // 10: YYMMDDhhmm
    std::string_view stat, err;              // 7, 3: state_of(), and the network's word for why
    std::string_view text;                   // 20: excerpt_of()
};

using sdk::report_state;
using sdk::state_of;

/// Nothing when `content` does not begin with `id:` and an id, or no `stat:` follows.
std::optional<report> read_report(std::string_view content);

/// How the text began, in its own format: behind the three digits that say how long it was.
std::string_view excerpt_of(const report& r) noexcept;

/// 122 octets, as the specification lays them out. r.id: what read_report() gives.
void append_report(std::string& out, const report& r);

} // namespace posthorn::smgp
