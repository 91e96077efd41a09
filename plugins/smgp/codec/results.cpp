#include "smgp/codec/results.hpp"

#include <algorithm>
#include <iterator>

namespace posthorn::smgp {

namespace {

using enum result_class;

struct row {
    std::uint32_t status;
    meaning means;
};

constexpr row rows[] = {
    {0, {ok, "ok"}},
    {1, {throttle, "system busy"}},
    {2, {transient, "too many connections"}},
    {10, {permanent, "message structure error"}},
    {11, {permanent, "command error"}},
    {12, {transient, "duplicate sequence"}},
    {20, {config, "IP address error"}},
    {21, {config, "authentication error"}},
    {22, {config, "version too high"}},
    {30, {config, "MsgType error"}},
    {31, {config, "Priority error"}},
    {32, {config, "FeeType error"}},
    {33, {config, "FeeCode error"}},
    {34, {permanent, "MsgFormat error"}},
    {35, {permanent, "time format error"}},
    {36, {permanent, "message length error"}},
    {37, {permanent, "validity has passed"}},
    {38, {permanent, "QueryType error"}},
    {39, {permanent, "route error"}},
    {40, {config, "FixedFee error"}},
    {43, {config, "ServiceID error"}},
    {44, {permanent, "ValidTime error"}},
    {45, {permanent, "AtTime error"}},
    {46, {config, "SrcTermID error"}},
    {47, {permanent, "DestTermID error"}},
    {48, {permanent, "ChargeTermID error"}},
    {49, {config, "SP code error"}},
    {57, {permanent, "query number error"}},
    {58, {permanent, "no route to this number"}},
    {69, {config, "SP id error"}},
    {73, {config, "MServiceID error"}},
    {74, {transient, "the SP may not send at this time of day"}},
    {75, {transient, "the SP's texts of this day are used up"}},
    {76, {config, "the SP's account has expired"}},
};

} // namespace

meaning of_status(std::uint32_t status) noexcept {
    const auto* found = std::find_if(std::begin(rows), std::end(rows), [&](const row& candidate) {
        return candidate.status == status;
    });
    return found == std::end(rows) ? meaning{} : found->means;
}

} // namespace posthorn::smgp
