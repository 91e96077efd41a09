#include "smpp/simulator/message_centre.hpp"

#include "smpp/codec/octets.hpp"

namespace posthorn::smpp::simulator {

namespace {

constexpr std::uint8_t with_header = 0x40; // esm_class

std::uint32_t code(status value) { return static_cast<std::uint32_t>(value); }

posthorn::simulator::protocol spoken(const options& chosen) {
    return {.faults = known_faults,
            .throttled = code(status::throttled),
            .queue_full = code(status::queue_full),
            .window_exceeded = code(chosen.window_status),
            .alphabet = posthorn::simulator::letters::gsm,
            .binary_ids = false};
}

// What a receipt says of each outcome, in the order of enum outcome.
struct ending {
    message_state state;
    std::string_view error;
};
constexpr ending endings[] = {
    {message_state::delivered, "000"}, {message_state::undeliverable, "005"},
    {message_state::expired, "007"},   {message_state::rejected, "011"},
    {message_state::deleted, "012"},   {message_state::unknown, "099"},
    {message_state::accepted, "000"},  {message_state::enroute, "000"},
};

const ending& ending_of(outcome of) { return endings[static_cast<std::size_t>(of)]; }

// The first letters of the text, when they are letters a receipt can carry.
std::string_view excerpt(const sm& text) {
    const bool plain = text.data_coding <= 1 || text.data_coding == 3;
    return plain && (text.esm_class & with_header) == 0 ? text.text() : std::string_view{};
}

void append_receipt_tlvs(std::string& out, std::string_view id, const ending& to) {
    append_tlv_text(out, tag::receipted_message_id, id);
    append_tlv_u8(out, tag::message_state, static_cast<std::uint8_t>(to.state));
    if (to.error == "000")
        return;
    const int number = (to.error[1] - '0') * 10 + to.error[2] - '0';
    const char gsm_error[] = {3, 0, static_cast<char>(number)}; // network type 3: GSM
    append_tlv(out, tag::network_error_code, {gsm_error, sizeof gsm_error});
}

void append_vendor_tlvs(std::string& out) {
    append_tlv(out, 0x1500, "posthorn-sim");
    append_tlv(out, 0x3FFE, "");
}

} // namespace

message_centre::message_centre(boost::asio::io_context& io, const options& chosen)
    : carrier(io, chosen, spoken(chosen)), options_(chosen), ids_(chosen.ids) {}

account* message_centre::admit(const bind& who, smpp::status& refusal) {
    if (!options_.system_id.empty() && who.system_id != options_.system_id)
        refusal = status::invalid_system_id;
    else if (!options_.password.empty() && who.password != options_.password)
        refusal = status::invalid_password;
    else
        return &open(who.system_id);
    return nullptr;
}

void message_centre::name_text(const submitted&, std::string& in_response,
                               std::string& in_receipt) {
    const bool other_base = faults().strikes(fault::id_base);
    ids_.next(in_response, in_receipt, other_base, faults().strikes(fault::leading_zeros));
}

delivery message_centre::receipt_for(const sm& text, std::string_view id, outcome to,
                                     std::int64_t done_us) {
    const auto& end = ending_of(to);
    text_.clear();
    append_receipt_text(text_, {.id = id,
                                .state = end.state,
                                .submit_date = submitted_.of(now_us()),
                                .done_date = done_.of(done_us),
                                .err = end.error,
                                .text = excerpt(text)});
    tlvs_.clear();
    append_receipt_tlvs(tlvs_, id, end);
    if (options_.echo_reference)
        if (const auto reference = text.tlvs.find_u16(tag::user_message_reference))
            append_tlv_u16(tlvs_, tag::user_message_reference, *reference);
    if (faults().strikes(fault::unknown_tlv))
        append_vendor_tlvs(tlvs_);

    sm body;
    body.source = text.destination; // a receipt comes from the phone
    body.destination = text.source;
    body.esm_class = 0x04;
    body.short_message = text_;
    body.tlvs = {tlvs_};
    delivery item;
    item.octets.reserve(256);
    encode_sm(item.octets, command::deliver_sm, 0, body);
    item.tail_size = static_cast<std::uint32_t>(tlvs_.size());
    item.id_at =
        static_cast<std::uint32_t>(item.octets.size() - tlvs_.size() - text_.size() + 3); // "id:"
    item.id_size = static_cast<std::uint32_t>(id.size());
    return item;
}

smpp::status message_centre::cancel(account& from, std::string_view id) {
    const auto taken = take_back(from, id);
    if (!taken)
        return status::cancel_failed;
    pdu old;
    if (decode(taken->octets, old))
        return status::system_error;
    const auto& receipt = std::get<sm>(old.body);
    sm text; // as far as a receipt repeats it
    text.source = receipt.destination;
    text.destination = receipt.source;
    const std::string name(id);
    replace(from, receipt_for(text, name, outcome::deleted, now_us()));
    return status::ok;
}

std::optional<message_state> message_centre::query(const account& from, std::string_view id) const {
    const auto known = state_of(from, id);
    return known ? std::optional(ending_of(*known).state) : std::nullopt;
}

delivery message_centre::write_phone_text(std::string_view from, std::string_view to, bool header,
                                          std::uint8_t data_coding, std::string_view octets) {
    sm body;
    body.source = {1, 1, from};
    body.destination = {0, 1, to};
    body.esm_class = header ? with_header : 0;
    body.data_coding = data_coding;
    body.short_message = octets;
    delivery item;
    encode_sm(item.octets, command::deliver_sm, 0, body);
    return item;
}

submitted_sm::submitted_sm(message_centre& to, const sm& octets) : to_(to), sm_(octets) {
    source = octets.source.digits;
    destination = octets.destination.digits;
    esm_class = octets.esm_class;
    data_coding = octets.data_coding;
    registered = octets.registered_delivery;
    short_message = octets.short_message;
    tlvs = octets.tlvs.octets;
    text = octets.text();
}

bool submitted_sm::wants_receipt(outcome of) const {
    switch (registered & 3) {
    case 1:
        return true;
    case 2:
        return of != outcome::delivered;
    case 3:
        return of == outcome::delivered;
    default:
        return false;
    }
}

bool submitted_sm::more_parts_follow() const {
    if ((esm_class & with_header) != 0 && text.size() > 6)
        return posthorn::simulator::header_says_more(text);
    const auto total = sm_.tlvs.find_u8(tag::sar_total_segments);
    const auto number = sm_.tlvs.find_u8(tag::sar_segment_seqnum);
    return total && number && *number < *total;
}

delivery submitted_sm::receipt(std::string_view id, const fate& to, std::int64_t done_us) const {
    return to_.receipt_for(sm_, id, to.outcome, done_us);
}

} // namespace posthorn::smpp::simulator
