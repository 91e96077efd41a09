#include "smgp/adapter/configuration.hpp"

#include "smgp/adapter/configured_tlv.hpp"

#include <algorithm>

namespace posthorn::smgp {

namespace {

using enum sdk::option::kind;

constexpr sdk::field_by_type<charging> charge_fields[] = {
    {"service_id", 10, &charging::service_id},
    {"fee_type", 2, &charging::fee_type},
    {"fee_code", 6, &charging::fee_code},
    {"fixed_fee", 6, &charging::fixed_fee},
    {"charge_term_id", 21, &charging::charge_term_id},
};

std::string wrong_charging(std::string_view pattern, std::string_view text) {
    return sdk::by_type<charging>::wrong_entry(charge_fields, pattern, text);
}

constexpr sdk::option priority_of(std::string_view name, std::string_view fallback,
                                  std::string_view help) {
    return {.name = name, .what = integer, .fallback = fallback, .most = 3, .help = help};
}

constexpr sdk::option options[] = {
    sdk::usual::host,
    sdk::usual::port("8890"),
    {.name = "client_id",
     .required = true,
     .help = "ClientID, from the carrier: 8 characters.",
     .check = sdk::usual::too_long<8>},
    {.name = "secret",
     .what = secret,
     .required = true,
     .help = "Shared secret, from the carrier; at most 15 characters by the specification."},
    {.name = "login_mode",
     .what = choice,
     .fallback = "both",
     .choices = "both|pair",
     .help = "both: each connection sends and receives; pair: each link is two connections, one "
             "that sends and one that receives."},
    {.name = "verify_server",
     .what = choice,
     .fallback = "warn",
     .choices = "off|warn|strict",
     .help = "Whether the gateway must prove that it knows the secret; many do it wrong."},
    {.name = "sender", .help = "SrcTermID where a message has none: the access number."},
    {.name = "recipients",
     .what = choice,
     .fallback = "national",
     .choices = "national|international",
     .help = "How numbers of China are written: 133… or 86133…"},
    sdk::usual::window("16"),
    sdk::usual::links,
    sdk::usual::active_test,
    sdk::usual::response_timeout("60s"),
    sdk::usual::login_timeout,
    sdk::usual::connect_timeout,
    sdk::usual::inactivity,
    {.name = "msg_type",
     .what = integer,
     .fallback = "6",
     .most = 255,
     .help = "MsgType: 6 is a text from an SP to a phone."},
    {.name = "receipts", .what = flag, .fallback = "on", .help = "Ask for a report for each part."},
    sdk::usual::rebind_without_receipts,
    priority_of("priority_urgent", "3", "Priority of urgent texts, 0..3."),
    priority_of("priority_normal", "1", "Priority of normal texts, 0..3."),
    priority_of("priority_bulk", "0", "Priority of bulk texts, 0..3."),
    {.name = "chinese",
     .what = choice,
     .fallback = "ucs2",
     .choices = "ucs2|gbk",
     .help = "MsgFormat of what is not ASCII: 8, or 15 where that has all characters."},
    {.name = "service_id", .help = "ServiceID, from the carrier."},
    {.name = "fee_type",
     .fallback = "00",
     .help = "FeeType: 00 free, 01 by message, 02 by month, 03 capped."},
    {.name = "fee_code", .fallback = "0", .help = "FeeCode: fen for each message."},
    {.name = "fixed_fee", .fallback = "0", .help = "FixedFee: fen for each month."},
    {.name = "charge_term_id", .help = "ChargeTermID: the number that pays; empty: who receives."},
    {.name = sdk::by_type<charging>::option_name,
     .what = map,
     .help =
         "What of service_id, fee_type, fee_code, fixed_fee and charge_term_id differs for some "
         "types, e.g. bill.*: service_id=BILL.",
     .check = wrong_charging,
     .shape = "TYPE: FIELD=VALUE ..."},
    {.name = "msg_src",
     .what = flag,
     .fallback = "on",
     .help = "Send client_id in the TLV MsgSrc, as most gateways want; tlvs may name another."},
    {.name = "tlvs",
     .what = map,
     .help = "TLVs to send with every part, e.g. SubmitMsgType: 0.",
     .check = wrong_tlv,
     .shape = "NAME: VALUE"},
    {.name = "validity",
     .what = choice,
     .fallback = "absolute",
     .choices = "absolute|none",
     .help = "Whether ValidTime is sent, by the clock of China; none: left to the carrier."},
    sdk::usual::longest_validity,
    {.name = "status_classes",
     .what = map,
     .help = "What a refusal means where this carrier differs, e.g. 58: transient.",
     .check = sdk::result_overrides::wrong_entry,
     .shape = "STATUS: permanent|transient|throttle|uncertain"},
    {.name = "stat_classes",
     .what = map,
     .help = "What a word in reports means where this gateway differs, e.g. MK:0001: expired.",
     .check = sdk::stat_overrides::wrong_entry,
     .shape = "STAT: delivered|undelivered|expired|enroute"},
};

verification verification_of(const std::string& text) {
    return text == "off"      ? verification::off
           : text == "strict" ? verification::strict
                              : verification::warn;
}

std::string tlvs_of(const sdk::options& from) {
    std::string out;
    const auto& all = from.entries("tlvs");
    const bool names_source =
        std::ranges::any_of(all, [](const auto& e) { return e.first == "MsgSrc"; });
    if (from.flag("msg_src") && !names_source)
        append_msg_src(out, from.text("client_id"));
    for (const auto& [name, text] : all)
        append_configured_tlv(out, name, text);
    return out;
}

} // namespace

constinit const std::span<const sdk::option> option_table{options};

configuration::configuration(const sdk::options& from)
    : sdk::link_settings(sdk::links_of(from)), client_id(from.text("client_id")),
      secret(from.text("secret")), pair(from.text("login_mode") == "pair"),
      verify_server(verification_of(from.text("verify_server"))), sender(from.text("sender")),
      national(from.text("recipients") == "national"),
      msg_type(static_cast<std::uint8_t>(from.integer("msg_type"))),
      receipts(from.flag("receipts")), gbk(from.text("chinese") == "gbk"),
      priority(sdk::by_priority(from, "priority_")), charges(from, charge_fields),
      valid_time(from.text("validity") == "absolute"),
      longest_validity(from.duration("longest_validity")), tlvs(tlvs_of(from)),
      status_classes(from.entries("status_classes")), stat_classes(from.entries("stat_classes")) {}

} // namespace posthorn::smgp
