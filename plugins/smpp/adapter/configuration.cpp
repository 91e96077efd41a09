#include "smpp/adapter/configuration.hpp"

namespace posthorn::smpp {

namespace {

using enum sdk::option::kind;

constexpr std::string_view tons = "auto|0|1|2|3|4|5|6";
constexpr std::string_view npis = "auto|0|1|3|4|6|8|9|10|14|18";
constexpr std::string_view bases = "raw|hex|dec";
constexpr std::int64_t second = 1000;

constexpr sdk::option options[] = {
    {.name = "host", .required = true, .help = "Name or address of the carrier's SMSC."},
    {.name = "port",
     .what = integer,
     .fallback = "2775",
     .least = 1,
     .most = 65535,
     .help = "TCP port."},
    {.name = "system_id", .required = true, .help = "User name, from the carrier."},
    {.name = "password",
     .what = secret,
     .required = true,
     .help = "From the carrier; at most 8 characters by the specification."},
    {.name = "system_type", .help = "Only where the carrier asks for it, e.g. VMA."},
    {.name = "interface_version",
     .what = choice,
     .fallback = "3.4",
     .choices = "3.4|5.0",
     .help = "What to announce when binding."},
    {.name = "sender", .help = "Source address where a message has none: number or name."},
    {.name = "source_ton",
     .what = choice,
     .fallback = "auto",
     .choices = tons,
     .help = "Type of number of the source; auto: 5 for a name, 3 for up to 6 digits, else 1."},
    {.name = "source_npi",
     .what = choice,
     .fallback = "auto",
     .choices = npis,
     .help = "Numbering plan of the source; auto: 0 for a name or up to 6 digits, else 1."},
    {.name = "address_range", .help = "For the bind; usually empty."},
    {.name = "service_type", .help = "Empty unless the carrier names one, e.g. CMT."},
    {.name = "window",
     .what = integer,
     .fallback = "10",
     .least = 1,
     .most = 10000,
     .help = "How many texts may be unanswered at once; the carrier says how many."},
    {.name = "enquire_link",
     .what = interval,
     .fallback = "30s",
     .least = second,
     .most = 3600 * second,
     .help = "Silence after which the link is tested; 2 unanswered tests close it."},
    {.name = "response_timeout",
     .what = interval,
     .fallback = "60s",
     .least = second,
     .most = 3600 * second,
     .help = "A text without an answer for so long is uncertain; short ones make duplicates."},
    {.name = "bind_timeout",
     .what = interval,
     .fallback = "10s",
     .least = second,
     .most = 600 * second,
     .help = "Limit for the answer to the bind."},
    {.name = "connect_timeout",
     .what = interval,
     .fallback = "10s",
     .least = second,
     .most = 600 * second,
     .help = "Limit for the TCP connection."},
    {.name = "inactivity",
     .what = interval,
     .fallback = "30s",
     .least = second,
     .most = 600 * second,
     .help = "Limit for the rest of a message whose first octets came."},
    {.name = "submit_id",
     .what = choice,
     .fallback = "raw",
     .choices = bases,
     .help = "Base of the message ids in answers; with receipt_id, when the two differ."},
    {.name = "receipt_id",
     .what = choice,
     .fallback = "raw",
     .choices = bases,
     .help = "Base of the message ids in receipts."},
    {.name = "receipts",
     .what = flag,
     .fallback = "on",
     .help = "Ask for a delivery receipt for each part."},
    {.name = "priority_urgent",
     .what = integer,
     .fallback = "2",
     .most = 3,
     .help = "priority_flag of urgent texts, 0..3."},
    {.name = "priority_normal",
     .what = integer,
     .fallback = "1",
     .most = 3,
     .help = "priority_flag of normal texts; 0 where the carrier takes 1 for an express text."},
    {.name = "priority_bulk",
     .what = integer,
     .fallback = "0",
     .most = 3,
     .help = "priority_flag of bulk texts."},
    {.name = "validity",
     .what = choice,
     .fallback = "relative",
     .choices = "relative|absolute",
     .help = "How the validity period is written; absolute is in UTC."},
};

std::optional<std::uint8_t> number_or_auto(const std::string& text) {
    if (text == "auto")
        return std::nullopt;
    return static_cast<std::uint8_t>(std::stoi(text));
}

id_base base_of(const std::string& text) {
    return text == "hex" ? id_base::hex : text == "dec" ? id_base::dec : id_base::raw;
}

} // namespace

constinit const std::span<const sdk::option> option_table{options};

configuration::configuration(const sdk::options& from)
    : host(from.text("host")), port(static_cast<std::uint16_t>(from.integer("port"))),
      system_id(from.text("system_id")), password(from.text("password")),
      system_type(from.text("system_type")), address_range(from.text("address_range")),
      service_type(from.text("service_type")),
      interface_version(from.text("interface_version") == "5.0" ? 0x50 : 0x34),
      sender(from.text("sender")), source_ton(number_or_auto(from.text("source_ton"))),
      source_npi(number_or_auto(from.text("source_npi"))),
      window(static_cast<unsigned>(from.integer("window"))),
      enquire_link(from.duration("enquire_link")),
      response_timeout(from.duration("response_timeout")),
      bind_timeout(from.duration("bind_timeout")),
      connect_timeout(from.duration("connect_timeout")), inactivity(from.duration("inactivity")),
      submit_id(base_of(from.text("submit_id"))), receipt_id(base_of(from.text("receipt_id"))),
      receipts(from.flag("receipts")), relative_validity(from.text("validity") == "relative") {
    for (const auto& [level, name] : {std::pair{sdk::priority::urgent, "priority_urgent"},
                                      std::pair{sdk::priority::normal, "priority_normal"},
                                      std::pair{sdk::priority::bulk, "priority_bulk"}})
        priority_flag.at(static_cast<std::size_t>(level)) =
            static_cast<std::uint8_t>(from.integer(name));
}

} // namespace posthorn::smpp
