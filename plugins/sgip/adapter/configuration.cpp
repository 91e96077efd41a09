#include "sgip/adapter/configuration.hpp"

#include <stdexcept>

namespace posthorn::sgip {

namespace {

using enum sdk::option::kind;
namespace usual = sdk::usual;
constexpr auto second = usual::second;

constexpr sdk::option priority(std::string_view name, std::string_view help) {
    return {.name = name, .what = integer, .fallback = "0", .most = 9, .help = help};
}

std::string no_address(std::string_view, std::string_view text) {
    boost::system::error_code error;
    boost::asio::ip::make_address(std::string(text), error);
    return error ? "is no IP address of this machine: 0.0.0.0 stands for all of them" : "";
}

std::string no_callers(std::string_view, std::string_view text) {
    try {
        callers{text};
    } catch (const std::invalid_argument& e) {
        return e.what();
    }
    return {};
}

constexpr sdk::option options[] = {
    usual::host,
    usual::port("8801"),
    {.name = "login_name",
     .required = true,
     .help = "For our connections, from the carrier.",
     .check = usual::too_long<16>},
    {.name = "login_password",
     .what = secret,
     .required = true,
     .help = "From the carrier; SGIP sends it in the clear.",
     .check = usual::too_long<16>},
    {.name = "node_id",
     .what = integer,
     .required = true,
     .least = 1,
     .most = 4294967295,
     .help = "Our node number: 3, area code, company code, e.g. 3010012345."},
    {.name = "corp_id",
     .required = true,
     .help = "Our company code (CorpId), 5 digits.",
     .check = usual::too_long<5>},
    {.name = "sender",
     .help = "Access number (SPNumber) where a message has none.",
     .check = usual::too_long<21>},
    usual::window("32"),
    usual::links,
    {.name = "idle_close",
     .what = interval,
     .fallback = "30s",
     .most = 3600 * second,
     .help = "A connection without work for so long is closed and opened anew, before the carrier "
             "does it: SGIP has no test of a link. 0s: never."},
    usual::response_timeout("30s"),
    usual::login_timeout,
    usual::connect_timeout,
    usual::inactivity,
    {.name = "listen_address",
     .help = "IP address where the carrier dials us with reports and texts; empty: nowhere.",
     .check = no_address},
    {.name = "listen_port",
     .what = integer,
     .fallback = "8801",
     .least = 1,
     .most = 65535,
     .help = "TCP port for listen_address."},
    {.name = "listen_name",
     .help = "The carrier's login name on its connections to us.",
     .check = usual::too_long<16>},
    {.name = "listen_password",
     .what = secret,
     .help = "The carrier's password there; without one every BIND is refused.",
     .check = usual::too_long<16>},
    {.name = "listen_from",
     .help = "Who may dial us: \"10.1.2.3, 10.1.4.0/24\"; empty: anybody who knows the password.",
     .check = no_callers},
    {.name = "receipts",
     .what = flag,
     .fallback = "on",
     .help = "Ask for a report on each part (ReportFlag 1); off: for none (2)."},
    usual::rebind_without_receipts,
    {.name = "service_type",
     .help = "ServiceType: the code of our service, by contract.",
     .check = usual::too_long<10>},
    {.name = "fee_type",
     .what = choice,
     .fallback = "1",
     .choices = "0|1|2|3|4",
     .help = "FeeType: 1 is free of charge for the phone."},
    {.name = "fee_value",
     .fallback = "0",
     .help = "FeeValue, in fen.",
     .check = usual::too_long<6>},
    {.name = "given_value",
     .fallback = "0",
     .help = "GivenValue, in fen.",
     .check = usual::too_long<6>},
    {.name = "agent_flag",
     .what = choice,
     .fallback = "0",
     .choices = "0|1",
     .help = "AgentFlag: 0 the fee is still owed, 1 it is paid."},
    {.name = "charge_number",
     .help = "Who pays (ChargeNumber): empty: we; recipient; or a number.",
     .check = usual::too_long<21>},
    {.name = "morelate_to_mt",
     .what = choice,
     .fallback = "2",
     .choices = "0|1|2|3",
     .help = "MorelatetoMTFlag: 0 the first answer to a text, 1 a later one, 2 neither, 3 system."},
    {.name = sdk::by_type<charging>::option_name,
     .what = map,
     .help = "The seven above where texts of some types have others.",
     .check = wrong_charging,
     .shape = "TYPE: service_type=SVC02 fee_type=2"},
    {.name = "chinese",
     .what = choice,
     .fallback = "ucs2",
     .choices = "ucs2|gbk",
     .help = "How texts that are not ASCII are written; what GBK lacks goes as UCS-2."},
    priority("priority_urgent", "Priority of urgent texts, 0..9."),
    priority("priority_normal", "Priority of normal texts, 0..9."),
    priority("priority_bulk", "Priority of bulk texts, 0..9."),
    {.name = "validity",
     .what = choice,
     .fallback = "absolute",
     .choices = "absolute|none",
     .help = "absolute: as ExpireTime, in China's time; none: left to the carrier."},
    usual::longest_validity,
    {.name = "result_classes",
     .what = map,
     .help = "What a refusal means where this carrier differs, e.g. 11: transient.",
     .check = sdk::result_overrides::wrong_entry,
     .shape = "RESULT: permanent|transient|throttle|uncertain"},
    {.name = "error_classes",
     .what = map,
     .help = "What the ErrorCode of a report means where it is not undelivered, e.g. 21: expired.",
     .check = sdk::stat_overrides::wrong_entry,
     .shape = "ERROR: delivered|undelivered|expired|enroute"},
};

} // namespace

constinit const std::span<const sdk::option> option_table{options};

configuration::configuration(const sdk::options& from)
    : sdk::link_settings(sdk::links_of(from, "")), login_name(from.text("login_name")),
      login_password(from.text("login_password")),
      node_id(static_cast<std::uint32_t>(from.integer("node_id"))), corp_id(from.text("corp_id")),
      sender(from.text("sender")), listen_address(from.text("listen_address")),
      listen_name(from.text("listen_name")), listen_password(from.text("listen_password")),
      listen_port(static_cast<std::uint16_t>(from.integer("listen_port"))),
      listen_from(from.text("listen_from")), charges(from, charging_fields),
      receipts(from.flag("receipts")), gbk(from.text("chinese") == "gbk"),
      tells_validity(from.text("validity") == "absolute"),
      longest_validity(from.duration("longest_validity")),
      result_classes(from.entries("result_classes")), error_classes(from.entries("error_classes")) {
    rest_after = from.duration("idle_close");
    priority = sdk::by_priority(from, "priority_");
}

} // namespace posthorn::sgip
