#include "smpp/adapter/configuration.hpp"

#include "smpp/adapter/configured_tlv.hpp"

namespace posthorn::smpp {

namespace {

using enum sdk::option::kind;

constexpr std::string_view tons = "auto|0|1|2|3|4|5|6";
constexpr std::string_view npis = "auto|0|1|3|4|6|8|9|10|14|18";
constexpr std::string_view bases = "auto|raw|hex|dec";
constexpr std::int64_t second = 1000;

std::string wrong_class(std::string_view code, std::string_view word) {
    const auto known = status_of(code);
    if (!known || *known == status::ok)
        return "is no command_status of a refusal: write 0x45, 69 or ESME_RSUBMITFAIL";
    return sdk::chosen_class(word) ? "" : "must be one of " + std::string(sdk::classes_to_choose);
}

constexpr sdk::option options[] = {
    {.name = "host", .required = true, .help = "Name or address of the carrier's SMSC."},
    {.name = "port",
     .what = integer,
     .fallback = "2775",
     .least = 1,
     .most = 65535,
     .help = "TCP port."},
    {.name = "tls",
     .what = choice,
     .fallback = "auto",
     .choices = "auto|on|off",
     .help = "TLS 1.2 or later, verified; auto: on except towards this machine and private "
             "networks."},
    {.name = "tls_ca",
     .what = secret,
     .help = "The carrier's CA certificates (PEM); empty: those this machine trusts."},
    {.name = "tls_name", .help = "The name its certificate must bear; empty: host."},
    {.name = "tls_cert",
     .what = secret,
     .help = "Our certificate (PEM, with its chain), where the carrier asks for one."},
    {.name = "tls_key", .what = secret, .help = "The key of tls_cert (PEM)."},
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
     .help = "How many texts a link may have unanswered at once; the carrier says how many."},
    {.name = "links",
     .what = integer,
     .fallback = "1",
     .least = 1,
     .most = 64,
     .help = "How many links to keep; the carrier says how many it allows."},
    {.name = "bind",
     .what = choice,
     .fallback = "transceiver",
     .choices = "transceiver|pair",
     .help = "pair: each link is two connections, a transmitter and a receiver."},
    {.name = "outbind_address",
     .help = "IP address to listen on for a carrier that dials us (outbind); empty: nobody does."},
    {.name = "outbind_port",
     .what = integer,
     .fallback = "2775",
     .least = 1,
     .most = 65535,
     .help = "TCP port for outbind_address."},
    {.name = "outbind_system_id", .help = "The carrier's name in its outbind."},
    {.name = "outbind_password",
     .what = secret,
     .help = "The carrier's password in its outbind; without one every outbind is refused."},
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
     .fallback = "auto",
     .choices = bases,
     .help = "Base of the message ids in answers; auto: learned from the first receipts."},
    {.name = "receipt_id",
     .what = choice,
     .fallback = "auto",
     .choices = bases,
     .help = "Base of the message ids in receipts; auto: learned; raw: as they are."},
    {.name = "receipts",
     .what = flag,
     .fallback = "on",
     .help = "Ask for a delivery receipt for each part."},
    {.name = "receipt_by_text",
     .what = flag,
     .fallback = "off",
     .help = "Take a text that reads like a receipt for one, where the carrier does not mark them "
             "(esm_class 0)."},
    {.name = "one_receipt",
     .what = flag,
     .fallback = "off",
     .help = "The carrier sends one receipt for all parts of a text: the first settles them all."},
    sdk::usual::rebind_without_receipts,
    {.name = "user_message_reference",
     .what = flag,
     .fallback = "on",
     .help = "Send our tag with each part; a carrier that repeats it in receipts settles doubts."},
    {.name = "concatenation",
     .what = choice,
     .fallback = "udh",
     .choices = "udh|sar",
     .help = "How parts of a long text are numbered: in its octets, or by TLVs (sar_*)."},
    {.name = "text_in",
     .what = choice,
     .fallback = "short_message",
     .choices = "short_message|message_payload",
     .help = "Where the text stands in a submit_sm; a long one is whole in message_payload, and "
             "the carrier cuts it."},
    {.name = "longest_payload",
     .what = integer,
     .fallback = "65535",
     .least = 140,
     .most = 65535,
     .help = "The most octets the carrier takes in message_payload; longer texts go in parts."},
    {.name = "default_alphabet",
     .what = choice,
     .fallback = "gsm",
     .choices = "gsm|latin1|ascii",
     .help = "What the carrier takes and sends with data_coding 0. Texts with characters it lacks "
             "go as UCS-2."},
    {.name = "data_coding",
     .what = choice,
     .fallback = "0",
     .choices = "0|1|3",
     .help = "Sent with texts in default_alphabet: 0, or 1 (ASCII) and 3 (Latin-1) where the "
             "carrier wants them named."},
    {.name = "tlvs",
     .what = map,
     .help = "TLVs to send with every part, e.g. 0x1400: text 1201159.",
     .check = wrong_tlv,
     .shape = "TAG: text|hex|u8|u16|u32 VALUE"},
    {.name = "status_classes",
     .what = map,
     .help = "What a refusal means where this carrier differs, e.g. 0x45: permanent.",
     .check = wrong_class,
     .shape = "STATUS: permanent|transient|throttle|uncertain"},
    {.name = "priority_urgent",
     .what = integer,
     .fallback = "0",
     .most = 3,
     .help = "priority_flag of urgent texts, 0..3."},
    {.name = "priority_normal",
     .what = integer,
     .fallback = "0",
     .most = 3,
     .help = "priority_flag of normal texts, 0..3."},
    {.name = "priority_bulk",
     .what = integer,
     .fallback = "0",
     .most = 3,
     .help = "priority_flag of bulk texts, 0..3."},
    {.name = "validity",
     .what = choice,
     .fallback = "relative",
     .choices = "relative|absolute|none",
     .help = "How the validity period is written; absolute is in UTC; none: left to the carrier."},
    sdk::usual::longest_validity,
};

std::optional<std::uint8_t> number_or_auto(const std::string& text) {
    if (text == "auto")
        return std::nullopt;
    return static_cast<std::uint8_t>(std::stoi(text));
}

validity_style validity_of(const std::string& text) {
    return text == "none"       ? validity_style::none
           : text == "absolute" ? validity_style::absolute
                                : validity_style::relative;
}

encryption encryption_of(const std::string& text) {
    return text == "on" ? encryption::on : text == "off" ? encryption::off : encryption::by_address;
}

sdk::alphabet alphabet_of(const std::string& text) {
    using sdk::alphabet;
    return text == "latin1" ? alphabet::latin1 : text == "ascii" ? alphabet::ascii : alphabet::gsm7;
}

id_base base_of(const std::string& text) {
    return text == "hex" ? id_base::hex : text == "dec" ? id_base::dec : id_base::raw;
}

} // namespace

constinit const std::span<const sdk::option> option_table{options};

configuration::configuration(const sdk::options& from)
    : sdk::link_settings(sdk::links_of(from, "enquire_link", "bind_timeout")),
      system_id(from.text("system_id")), password(from.text("password")),
      system_type(from.text("system_type")), address_range(from.text("address_range")),
      service_type(from.text("service_type")),
      interface_version(from.text("interface_version") == "5.0" ? 0x50 : 0x34),
      sender(from.text("sender")), source_ton(number_or_auto(from.text("source_ton"))),
      source_npi(number_or_auto(from.text("source_npi"))), pair(from.text("bind") == "pair"),
      tls(encryption_of(from.text("tls"))), tls_ca(from.text("tls_ca")),
      tls_name(from.text("tls_name").empty() ? host : from.text("tls_name")),
      tls_cert(from.text("tls_cert")), tls_key(from.text("tls_key")),
      outbind_address(from.text("outbind_address")),
      outbind_system_id(from.text("outbind_system_id")),
      outbind_password(from.text("outbind_password")),
      outbind_port(outbind_address.empty()
                       ? std::uint16_t{0}
                       : static_cast<std::uint16_t>(from.integer("outbind_port"))),
      learn_ids(from.text("submit_id") == "auto" && from.text("receipt_id") == "auto"),
      submit_id(base_of(from.text("submit_id"))), receipt_id(base_of(from.text("receipt_id"))),
      receipts(from.flag("receipts")), receipt_by_text(from.flag("receipt_by_text")),
      one_receipt(from.flag("one_receipt")), reference(from.flag("user_message_reference")),
      sar(from.text("concatenation") == "sar"),
      in_payload(from.text("text_in") == "message_payload"),
      longest_payload(static_cast<std::size_t>(from.integer("longest_payload"))),
      default_alphabet(alphabet_of(from.text("default_alphabet"))),
      data_coding(*number_or_auto(from.text("data_coding"))),
      validity(validity_of(from.text("validity"))),
      longest_validity(from.duration("longest_validity")) {
    for (const auto& [tag, text] : from.entries("tlvs"))
        append_configured_tlv(tlvs, tag, text);
    for (const auto& [code, word] : from.entries("status_classes"))
        status_classes.insert_or_assign(status_of(code).value(), sdk::chosen_class(word).value());
    priority_flag = sdk::by_priority(from, "priority_");
}

} // namespace posthorn::smpp
