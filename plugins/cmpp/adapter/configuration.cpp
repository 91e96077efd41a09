#include "cmpp/adapter/configuration.hpp"

namespace posthorn::cmpp {

namespace {

using enum sdk::option::kind;
namespace usual = sdk::usual;

constexpr sdk::field_by_type<billing> bill_fields[] = {
    {"service_id", 10, &billing::service_id},
    {"fee_type", 2, &billing::fee_type},
    {"fee_code", 6, &billing::fee_code},
    {"fee_user_type", 1, &billing::fee_user_type},
    {"fee_terminal_id", 32, &billing::fee_terminal_id},
};

constexpr std::string_view payers = "0123";

std::string wrong_bill(std::string_view pattern, std::string_view text) {
    if (auto wrong = sdk::by_type<billing>::wrong_entry(bill_fields, pattern, text); !wrong.empty())
        return wrong;
    constexpr std::string_view field = "fee_user_type=";
    const auto at = text.rfind(field);
    const auto value = at == text.npos ? "2" : text.substr(at + field.size());
    return value.empty() || payers.find(value.front()) == payers.npos
               ? "fee_user_type must be 0, 1, 2 or 3"
               : "";
}

constexpr sdk::option level(std::string_view name, std::string_view help) {
    return {.name = name, .what = integer, .fallback = "0", .most = 9, .help = help};
}

constexpr sdk::option options[] = {
    usual::host,
    usual::port("7890"),
    {.name = "source_addr",
     .required = true,
     .help = "The SP's id (企业代码), up to 6 characters.",
     .check = usual::too_long<6>},
    {.name = "secret",
     .what = secret,
     .required = true,
     .help = "Shared secret, from the carrier."},
    {.name = "version",
     .what = choice,
     .fallback = "3.0",
     .choices = "2.0|3.0",
     .help = "Of CMPP. A gateway that knows only 2.0 and says so is spoken to in that."},
    {.name = "auth_pad_source",
     .what = flag,
     .fallback = "off",
     .help = "Fill a source_addr of less than 6 characters up with NULs before it is hashed: some "
             "gateways do."},
    {.name = "verify_ismg",
     .what = choice,
     .fallback = "warn",
     .choices = "off|warn|strict",
     .help =
         "The gateway's own proof that it knows the secret, which many compute wrongly; strict: "
         "no login without."},
    {.name = "msg_src", .help = "Msg_src of texts, where it differs from source_addr."},
    {.name = "sender", .help = "Access number (接入号, Src_Id) where a message has none: 106…"},
    {.name = "service_id", .help = "Business code (业务代码), from the carrier."},
    {.name = "fee_type",
     .fallback = "01",
     .help = "01: free for the customer, 02: by message, 03: by month."},
    {.name = "fee_code", .fallback = "0", .help = "Price in fen, with fee_type 02 and 03."},
    {.name = "fee_user_type",
     .what = choice,
     .fallback = "2",
     .choices = "0|1|2|3",
     .help = "Who pays: 0 the recipient, 1 the origin, 2 we (the SP), 3 fee_terminal_id."},
    {.name = "fee_terminal_id", .help = "The number that pays, with fee_user_type 3."},
    {.name = sdk::by_type<billing>::option_name,
     .what = map,
     .help = "The five options above where they differ by type of event.",
     .check = wrong_bill,
     .shape = "TYPE: service_id=CODE fee_type=02 ..."},
    {.name = "receipts", .what = flag, .fallback = "on", .help = "Ask for a report for each part."},
    usual::rebind_without_receipts,
    {.name = "pk_fields",
     .what = choice,
     .fallback = "real",
     .choices = "real|ones",
     .help =
         "Pk_total and Pk_number of parts; ones: both 1, the header in the text says it alone."},
    {.name = "recipients",
     .what = choice,
     .fallback = "national",
     .choices = "national|international",
     .help = "How Chinese numbers are written: 13800138000 or 8613800138000."},
    {.name = "chinese",
     .what = choice,
     .fallback = "ucs2",
     .choices = "ucs2|gbk",
     .help = "Msg_Fmt of what is not ASCII: 8, or 15 where that has all characters."},
    level("msg_level_urgent", "Msg_level of urgent texts, 0..9."),
    level("msg_level_normal", "Msg_level of normal texts, 0..9."),
    level("msg_level_bulk", "Msg_level of bulk texts, 0..9."),
    {.name = "validity",
     .what = choice,
     .fallback = "absolute",
     .choices = "absolute|none",
     .help = "ValId_Time, in China's time; none: left to the carrier."},
    usual::longest_validity,
    {.name = "result_classes",
     .what = map,
     .help = "What a Result of SUBMIT means where this gateway differs, e.g. 9: throttle.",
     .check = sdk::result_overrides::wrong_entry,
     .shape = "RESULT: permanent|transient|throttle|uncertain"},
    {.name = "stat_classes",
     .what = map,
     .help = "What a word in reports means where this gateway differs, e.g. MK:0001: expired.",
     .check = sdk::stat_overrides::wrong_entry,
     .shape = "STAT: delivered|undelivered|expired|enroute"},
    usual::window("16"),
    usual::links,
    usual::active_test,
    usual::response_timeout("60s"),
    usual::login_timeout,
    usual::connect_timeout,
    usual::inactivity,
};

proof_check check_of(const std::string& word) {
    return word == "off"      ? proof_check::off
           : word == "strict" ? proof_check::strict
                              : proof_check::warn;
}

} // namespace

constinit const std::span<const sdk::option> option_table{options};

configuration::configuration(const sdk::options& from)
    : sdk::link_settings(sdk::links_of(from)), source_addr(from.text("source_addr")),
      secret(from.text("secret")),
      msg_src(from.text("msg_src").empty() ? source_addr : from.text("msg_src")),
      version(from.text("version") == "2.0" ? dialect::v20 : dialect::v30),
      auth_pad_source(from.flag("auth_pad_source")),
      verify_ismg(check_of(from.text("verify_ismg"))), sender(from.text("sender")),
      bills(from, bill_fields), receipts(from.flag("receipts")),
      real_pk(from.text("pk_fields") == "real"), national(from.text("recipients") == "national"),
      gbk(from.text("chinese") == "gbk"), msg_level(sdk::by_priority(from, "msg_level_")),
      validity(from.text("validity") == "absolute"),
      longest_validity(from.duration("longest_validity")),
      result_classes(from.entries("result_classes")), stat_classes(from.entries("stat_classes")) {}

} // namespace posthorn::cmpp
