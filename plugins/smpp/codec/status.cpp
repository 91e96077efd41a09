#include "smpp/codec/status.hpp"

#include "sdk/numerals.hpp"

#include <algorithm>
#include <cstdio>
#include <iterator>

namespace posthorn::smpp {

namespace {

struct entry {
    std::uint32_t code;
    status_class cls;
    std::string_view name, meaning;
};

using enum status_class;

// In the order of the codes.
constexpr entry entries[] = {
    {0x000, ok, "ESME_ROK", "no error"},
    {0x001, permanent, "ESME_RINVMSGLEN", "message length invalid"},
    {0x002, link, "ESME_RINVCMDLEN", "command length invalid"},
    {0x003, config, "ESME_RINVCMDID", "command id invalid"},
    {0x004, link, "ESME_RINVBNDSTS", "wrong bind state for the command"},
    {0x005, link, "ESME_RALYBND", "already bound"},
    {0x006, permanent, "ESME_RINVPRTFLG", "priority flag invalid"},
    {0x007, permanent, "ESME_RINVREGDLVFLG", "registered_delivery invalid"},
    {0x008, transient, "ESME_RSYSERR", "system error"},
    {0x00A, permanent, "ESME_RINVSRCADR", "source address invalid"},
    {0x00B, permanent, "ESME_RINVDSTADR", "destination address invalid"},
    {0x00C, permanent, "ESME_RINVMSGID", "message id invalid"},
    {0x00D, transient, "ESME_RBINDFAIL", "bind failed"},
    {0x00E, config, "ESME_RINVPASWD", "password invalid"},
    {0x00F, config, "ESME_RINVSYSID", "system id invalid"},
    {0x011, permanent, "ESME_RCANCELFAIL", "cancel failed"},
    {0x013, permanent, "ESME_RREPLACEFAIL", "replace failed"},
    {0x014, throttle, "ESME_RMSGQFUL", "message queue full"},
    {0x015, config, "ESME_RINVSERTYP", "service type invalid"},
    {0x033, permanent, "ESME_RINVNUMDESTS", "number of destinations invalid"},
    {0x034, permanent, "ESME_RINVDLNAME", "distribution list name invalid"},
    {0x040, permanent, "ESME_RINVDESTFLAG", "destination flag invalid"},
    {0x042, permanent, "ESME_RINVSUBREP", "submit with replace invalid"},
    {0x043, permanent, "ESME_RINVESMCLASS", "esm_class invalid"},
    {0x044, permanent, "ESME_RCNTSUBDL", "cannot submit to distribution list"},
    {0x045, transient, "ESME_RSUBMITFAIL", "submit failed"},
    {0x048, config, "ESME_RINVSRCTON", "source TON invalid"},
    {0x049, config, "ESME_RINVSRCNPI", "source NPI invalid"},
    {0x050, config, "ESME_RINVDSTTON", "destination TON invalid"},
    {0x051, config, "ESME_RINVDSTNPI", "destination NPI invalid"},
    {0x053, config, "ESME_RINVSYSTYP", "system type invalid"},
    {0x054, config, "ESME_RINVREPFLAG", "replace_if_present invalid"},
    {0x055, permanent, "ESME_RINVNUMMSGS", "number of messages invalid"},
    {0x058, throttle, "ESME_RTHROTTLED", "throttled"},
    {0x061, permanent, "ESME_RINVSCHED", "schedule time invalid"},
    {0x062, permanent, "ESME_RINVEXPIRY", "validity period invalid"},
    {0x063, permanent, "ESME_RINVDFTMSGID", "predefined message id invalid"},
    {0x064, transient, "ESME_RX_T_APPN", "receiver temporary application error"},
    {0x065, permanent, "ESME_RX_P_APPN", "receiver permanent application error"},
    {0x066, permanent, "ESME_RX_R_APPN", "receiver reject message error"},
    {0x067, permanent, "ESME_RQUERYFAIL", "query failed"},
    {0x0C0, permanent, "ESME_RINVOPTPARSTREAM", "optional part broken (5.0: RINVTLVSTREAM)"},
    {0x0C1, config, "ESME_ROPTPARNOTALLWD", "TLV not allowed (5.0: RTLVNOTALLWD)"},
    {0x0C2, permanent, "ESME_RINVPARLEN", "TLV length invalid (5.0: RINVTLVLEN)"},
    {0x0C3, config, "ESME_RMISSINGOPTPARAM", "TLV missing (5.0: RMISSINGTLV)"},
    {0x0C4, permanent, "ESME_RINVOPTPARAMVAL", "TLV value invalid (5.0: RINVTLVVAL)"},
    {0x0FE, transient, "ESME_RDELIVERYFAILURE", "delivery failure (data_sm_resp)"},
    {0x0FF, transient, "ESME_RUNKNOWNERR", "unknown error"},
    {0x100, config, "ESME_RSERTYPUNAUTH", "not authorised for service_type"},
    {0x101, permanent, "ESME_RPROHIBITED", "prohibited operation"},
    {0x102, transient, "ESME_RSERTYPUNAVAIL", "service_type unavailable"},
    {0x103, permanent, "ESME_RSERTYPDENIED", "service_type denied"},
    {0x104, permanent, "ESME_RINVDCS", "data_coding invalid"},
    {0x105, permanent, "ESME_RINVSRCADDRSUBUNIT", "source subunit invalid"},
    {0x106, permanent, "ESME_RINVDSTADDRSUBUNIT", "destination subunit invalid"},
    {0x107, permanent, "ESME_RINVBCASTFREQINT", "broadcast"},
    {0x108, permanent, "ESME_RINVBCASTALIAS_NAME", "broadcast"},
    {0x109, permanent, "ESME_RINVBCASTAREAFMT", "broadcast"},
    {0x10A, permanent, "ESME_RINVNUMBCAST_AREAS", "broadcast"},
    {0x10B, permanent, "ESME_RINVBCASTCNTTYPE", "broadcast"},
    {0x10C, permanent, "ESME_RINVBCASTMSGCLASS", "broadcast"},
    {0x10D, permanent, "ESME_RBCASTFAIL", "broadcast"},
    {0x10E, permanent, "ESME_RBCASTQUERYFAIL", "broadcast"},
    {0x10F, permanent, "ESME_RBCASTCANCELFAIL", "broadcast"},
    {0x110, permanent, "ESME_RINVBCAST_REP", "broadcast"},
    {0x111, permanent, "ESME_RINVBCASTSRVGRP", "broadcast"},
    {0x112, permanent, "ESME_RINVBCASTCHANIND", "broadcast"},
};

const entry* find(status code) noexcept {
    const auto wanted = static_cast<std::uint32_t>(code);
    const auto* found =
        std::lower_bound(std::begin(entries), std::end(entries), wanted,
                         [](const entry& e, std::uint32_t value) { return e.code < value; });
    return found != std::end(entries) && found->code == wanted ? found : nullptr;
}

} // namespace

std::string_view name(status code) noexcept {
    const auto* found = find(code);
    return found ? found->name : std::string_view{};
}

std::string_view meaning(status code) noexcept {
    const auto* found = find(code);
    return found ? found->meaning : std::string_view{};
}

status_class classify(status code) noexcept {
    if (code == status::ok)
        return status_class::ok;
    const auto* found = find(code);
    return found ? found->cls : permanent;
}

bool is_known(status code) noexcept { return find(code) != nullptr; }

std::optional<status> status_of(std::string_view text) noexcept {
    for (const auto& known : entries)
        if (known.name == text)
            return static_cast<status>(known.code);
    const bool hex = text.starts_with("0x") || text.starts_with("0X");
    if (hex)
        text.remove_prefix(2);
    const auto code = sdk::whole_number<std::uint32_t>(text, hex ? 16 : 10);
    return code ? std::optional(static_cast<status>(*code)) : std::nullopt;
}

bool is_vendor(status code) noexcept {
    return code >= static_cast<status>(0x400) && code <= static_cast<status>(0x4FF);
}

std::string describe(status code) {
    char hex[16];
    std::snprintf(hex, sizeof hex, "0x%02X", static_cast<unsigned>(code));
    const auto known = name(code);
    return known.empty() ? std::string(hex) : std::string(known) + " (" + hex + ")";
}

} // namespace posthorn::smpp
