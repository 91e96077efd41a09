#include "smgp/simulator/gateway.hpp"

#include "sdk/china_time.hpp"
#include "smgp/codec/login.hpp"
#include "smgp/codec/report.hpp"

#include <random>

namespace posthorn::smgp::simulator {

namespace {

// Status.
constexpr std::uint32_t system_busy = 1, wrong_secret = 21, wrong_version = 22, wrong_length = 36,
                        wrong_destination = 47, wrong_client = 69;
constexpr std::size_t reserve_size = 8, id_in_report = 3; // behind "id:"

posthorn::simulator::protocol spoken() {
    return {.faults = known_faults,
            .throttled = system_busy,
            .queue_full = system_busy,
            .window_exceeded = system_busy};
}

std::string_view error_of(outcome of) {
    constexpr std::string_view errors[] = {"000", "003", "001", "008", "009",
                                           "999", "000", "000", "999"};
    return errors[static_cast<std::size_t>(of)];
}

// Two decimal digits in each octet.
char bcd(std::uint64_t two_digits) {
    return static_cast<char>(two_digits / 10 << 4 | two_digits % 10);
}

} // namespace

msg_ids::msg_ids() : minute_(sdk::china_is_ahead) {
    std::random_device entropy;
    count_ = static_cast<std::uint64_t>(entropy()) << 32 | entropy();
}

msg_id msg_ids::next(std::int64_t utc_us) {
    auto number = ++count_;
    const auto two = [&number] {
        const auto last = bcd(number % 100);
        number /= 100;
        return last;
    };
    msg_id id{};
    for (const std::size_t at : {9U, 8U, 7U, 2U, 1U, 0U})
        id[at] = two();
    const auto minute = minute_.of(utc_us).substr(2); // MMDDhhmm
    for (std::size_t i = 0; i < 4; ++i)
        id[3 + i] = static_cast<char>((minute[2 * i] - '0') << 4 | (minute[2 * i + 1] - '0'));
    return id;
}

gateway::gateway(boost::asio::io_context& io, const options& chosen)
    : carrier(io, chosen, spoken()), options_(chosen), now_(sdk::china_is_ahead),
      done_(sdk::china_is_ahead) {}

account* gateway::admit(const login& who, login_resp& answer) {
    const auto knows_secret = [&] {
        const auto proof = authenticator_client(who.client_id, options_.secret, who.timestamp);
        return octets_of(proof) == who.authenticator;
    };
    answer = {};
    if (who.client_version != version_30)
        answer.status = wrong_version;
    else if (!options_.user.empty() && who.client_id != options_.user)
        answer.status = wrong_client;
    else if (!options_.secret.empty() && !knows_secret())
        answer.status = wrong_secret;
    if (answer.status != 0)
        return nullptr; // sixteen NULs are the authenticator then
    authenticator_ = octets_of(authenticator_server(0, who.authenticator, options_.secret));
    answer.authenticator = authenticator_;
    return &open(who.client_id);
}

std::uint32_t gateway::mistake_of(const submit& text) const {
    if (text.terminals.size() != 1) // Posthorn sends each text by itself
        return structure_error;
    const auto field = oversized_field(text);
    if (field == "DestTermID")
        return wrong_destination;
    return field == "MsgContent" ? wrong_length : 0;
}

void gateway::name_text(const submitted&, std::string& in_response, std::string& in_receipt) {
    const auto id = ids_.next(now_us());
    in_response.assign(id.data(), id.size());
    in_receipt = in_response;
}

delivery gateway::written(deliver body) {
    const auto id = ids_.next(now_us());
    body.msg_id = {id.data(), id.size()};
    const auto second = std::string(now_.of(now_us())) + "00";
    const auto received = "20" + second;
    body.recv_time = received;
    pdu packet;
    packet.head.id = command::deliver;
    packet.body = body;
    delivery item;
    encode(item.octets, packet);
    return item;
}

delivery gateway::report_for(const submit& text, std::string_view id, outcome to,
                             std::int64_t done_us) {
    report_.clear();
    append_report(report_, {.id = hex_of(id),
                            .sub = "001",
                            .dlvrd = to == outcome::delivered ? "001" : "000",
                            .submit_date = now_.of(now_us()),
                            .done_date = done_.of(done_us),
                            .stat = stat_of(to),
                            .err = error_of(to),
                            .text = "000"}); // nothing of it
    auto id_size = msg_id_size;
    if (faults().strikes(fault::id_base)) {
        const auto digits = hex_of(id);
        report_.replace(id_in_report, msg_id_size, digits);
        id_size = digits.size();
    }
    tlvs_.clear();
    if (faults().strikes(fault::unknown_tlv))
        append_tlv(tlvs_, static_cast<tag>(0x1500), "posthorn-sim");
    auto item = written({.is_report = 1,
                         .src_term_id = text.terminals.front(),
                         .dest_term_id = text.src_term_id,
                         .content = report_,
                         .tlvs = tlvs_});
    item.id_at = static_cast<std::uint32_t>(item.octets.size() - tlvs_.size() - reserve_size -
                                            report_.size() + id_in_report);
    item.id_size = static_cast<std::uint32_t>(id_size);
    return item;
}

delivery gateway::write_phone_text(std::string_view from, std::string_view to, bool header,
                                   std::uint8_t data_coding, std::string_view octets) {
    tlvs_.clear();
    if (header)
        append_tlv(tlvs_, tag::tp_udhi, std::uint8_t{1});
    return written({.msg_format = data_coding,
                    .src_term_id = from,
                    .dest_term_id = to,
                    .content = octets,
                    .tlvs = tlvs_});
}

submitted_text::submitted_text(gateway& to, const submit& octets) : to_(to), submit_(octets) {
    source = octets.src_term_id;
    destination = octets.terminals.front();
    esm_class = octet_of(octets.tlvs, tag::tp_udhi) != 0 ? 0x40 : 0;
    data_coding = octets.msg_format;
    registered = octets.need_report;
    text = short_message = octets.content;
    tlvs = octets.tlvs;
}

bool submitted_text::wants_receipt(outcome) const { return registered == 1; }

bool submitted_text::more_parts_follow() const {
    return esm_class != 0 ? posthorn::simulator::header_says_more(text)
                          : octet_of(tlvs, tag::pk_number) < octet_of(tlvs, tag::pk_total);
}

delivery submitted_text::receipt(std::string_view id, const fate& to, std::int64_t done_us) const {
    return to_.report_for(submit_, id, to.outcome, done_us);
}

} // namespace posthorn::smgp::simulator
