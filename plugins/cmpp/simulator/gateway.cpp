#include "cmpp/simulator/gateway.hpp"

#include "cmpp/codec/login.hpp"
#include "cmpp/codec/report.hpp"
#include "sdk/china_time.hpp"
#include "sdk/octets.hpp"

#include <random>

namespace posthorn::cmpp::simulator {

namespace {

constexpr std::uint32_t too_long = 6, flow_control = 8, wrong_source = 11,
                        wrong_destination = 13;                                    // Results
constexpr std::uint32_t wrong_address = 2, wrong_secret = 3, version_too_high = 4; // Status

posthorn::simulator::protocol spoken() {
    return {.faults = known_faults,
            .throttled = flow_control,
            .queue_full = flow_control,
            .window_exceeded = flow_control};
}

bool knows_secret(const connect& who, std::string_view secret) {
    for (const bool padded : {false, true}) // implementations differ
        if (cmpp::octets_of(authenticator_source(who.source_addr, secret, who.timestamp, padded)) ==
            who.authenticator)
            return true;
    return false;
}

dialect other(dialect as) { return as == dialect::v20 ? dialect::v30 : dialect::v20; }

} // namespace

msg_ids::msg_ids() {
    std::random_device entropy;
    count_ = static_cast<std::uint64_t>(entropy()) << 32 | entropy();
}

msg_id msg_ids::next(std::int64_t utc_us) noexcept {
    const sdk::instant at{sdk::duration(utc_us)};
    auto rest = sdk::month_to_second(sdk::china_clock(at)); // MMDDhhmmss
    const auto two = [&rest] {
        const std::uint64_t last = rest % 100;
        rest /= 100;
        return last;
    };
    const auto second = two(), minute = two(), hour = two(), day = two(), month = two();
    return month << 60 | day << 55 | hour << 50 | minute << 44 | second << 38 |
           (++count_ & 0x3F'FFFF'FFFFU);
}

std::string octets_of(msg_id id) {
    std::string octets;
    sdk::octet_writer(octets).number(id);
    return octets;
}

msg_id msg_id_of(std::string_view octets) noexcept {
    msg_id id = 0;
    sdk::octet_reader(octets).number(id, octets.size());
    return id;
}

gateway::gateway(boost::asio::io_context& io, const options& chosen)
    : carrier(io, chosen, spoken()), options_(chosen), submitted_(sdk::china_is_ahead),
      done_(sdk::china_is_ahead) {}

account* gateway::admit(const connect& who, connect_resp& answer) {
    const auto major = [](unsigned version) { return version >> 4; };
    const auto ours = static_cast<std::uint8_t>(options_.version);
    answer = {.status = 0, .authenticator = {}, .version = ours};
    if (major(who.version) != major(ours))
        answer.status = version_too_high;
    else if (!options_.user.empty() && who.source_addr != options_.user)
        answer.status = wrong_address;
    else if (!options_.secret.empty() && !knows_secret(who, options_.secret))
        answer.status = wrong_secret;
    if (answer.status != 0)
        return nullptr; // sixteen NULs are the authenticator then
    const std::size_t width = options_.version == dialect::v20 ? 1 : 4;
    authenticator_ = cmpp::octets_of(
        authenticator_ismg(answer.status, width, who.authenticator, options_.secret));
    answer.authenticator = authenticator_;
    return &open(who.source_addr);
}

std::uint32_t gateway::mistake_of(const submit& text) const {
    if (text.terminals.size() != 1) // Posthorn sends each text by itself
        return structure_error;
    if (!options_.user.empty() && text.msg_src != options_.user)
        return wrong_source;
    const auto field = oversized_field(options_.version, text);
    if (field == "Dest_terminal_Id")
        return wrong_destination;
    return field == "Msg_Content" ? too_long : 0;
}

void gateway::name_text(const submitted&, std::string& in_response, std::string& in_receipt) {
    in_response = octets_of(ids_.next(now_us()));
    in_receipt = in_response;
}

delivery gateway::written(const deliver& body) {
    pdu packet;
    packet.head.id = command::deliver;
    packet.body = body;
    delivery item;
    encode(item.octets, options_.version, packet);
    return item;
}

delivery gateway::report_for(const submit& text, std::string_view id, outcome to,
                             std::int64_t done_us) {
    report_.clear();
    const auto width =
        faults().strikes(fault::report_width) ? other(options_.version) : options_.version;
    append_report(report_, width,
                  {.msg_id = msg_id_of(id),
                   .stat = stat_of(to),
                   .submit_time = submitted_.of(now_us()),
                   .done_time = done_.of(done_us),
                   .dest_terminal_id = text.terminals.front(),
                   .smsc_sequence = ++reports_});
    auto item = written({.msg_id = ids_.next(now_us()),
                         .dest_id = text.src_id,
                         .service_id = text.service_id,
                         .src_terminal_id = text.terminals.front(),
                         .registered_delivery = 1,
                         .content = report_});
    const std::size_t tail = options_.version == dialect::v20 ? 8 : 20;
    item.id_at = static_cast<std::uint32_t>(item.octets.size() - tail - report_.size());
    item.id_size = sizeof(msg_id);
    return item;
}

bool gateway::cancel(account& from, msg_id id) {
    auto taken = take_back(from, octets_of(id));
    if (!taken)
        return false;
    const auto stat = stat_of(outcome::deleted);
    taken->octets.replace(taken->id_at + taken->id_size, stat.size(), stat);
    replace(from, std::move(*taken));
    return true;
}

delivery gateway::write_phone_text(std::string_view from, std::string_view to, bool header,
                                   std::uint8_t data_coding, std::string_view octets) {
    return written({.msg_id = ids_.next(now_us()),
                    .dest_id = to,
                    .tp_udhi = header ? std::uint8_t{1} : std::uint8_t{0},
                    .msg_fmt = data_coding,
                    .src_terminal_id = from,
                    .content = octets});
}

submitted_text::submitted_text(gateway& to, const submit& octets) : to_(to), submit_(octets) {
    source = octets.src_id;
    destination = octets.terminals.front();
    esm_class = octets.tp_udhi != 0 ? 0x40 : 0;
    data_coding = octets.msg_fmt;
    registered = octets.registered_delivery;
    text = short_message = octets.content;
}

bool submitted_text::wants_receipt(outcome) const { return registered == 1; }

bool submitted_text::more_parts_follow() const {
    return esm_class != 0 ? posthorn::simulator::header_says_more(text)
                          : submit_.pk_number < submit_.pk_total;
}

delivery submitted_text::receipt(std::string_view id, const fate& to, std::int64_t done_us) const {
    return to_.report_for(submit_, id, to.outcome, done_us);
}

} // namespace posthorn::cmpp::simulator
