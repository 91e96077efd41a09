#include "sgip/simulator/gateway.hpp"

#include "sdk/china_time.hpp"
#include "sdk/octets.hpp"
#include "sgip/codec/results.hpp"

namespace posthorn::sgip::simulator {

namespace {

constexpr std::uint8_t illegal_number = 6, too_long = 8, illegal_sequence = 9;

posthorn::simulator::protocol spoken() {
    return {.faults = known_faults,
            .throttled = node_busy,
            .queue_full = node_busy,
            .window_exceeded = node_busy};
}

// State and ErrorCode of a report, in the order of enum outcome.
struct ending {
    std::uint8_t state, error;
};
constexpr ending endings[] = {{0, 0}, {2, 25}, {2, 21}, {2, 30}, {2, 30}, {2, 32}, {1, 0}, {1, 0}};

delivery written(command id, const body& what) {
    pdu packet;
    packet.head.id = id;
    packet.body = what;
    delivery item;
    encode(item.octets, packet);
    return item;
}

std::string octets_of(const sequence& number) {
    std::string octets;
    sdk::octet_writer io(octets);
    io.number(number.node);
    io.number(number.time);
    io.number(number.count);
    return octets;
}

} // namespace

gateway::gateway(boost::asio::io_context& io, const options& chosen)
    : carrier(io, chosen, spoken()), options_(chosen) {}

std::uint32_t gateway::clock() const {
    return sdk::month_to_second(sdk::china_clock(sdk::instant(sdk::duration(now_us()))));
}

account* gateway::admit(const bind& who, std::uint8_t& refusal) {
    if (who.login_type != login_type::from_sp)
        refusal = login_type_error;
    else if ((!options_.user.empty() && who.login_name != options_.user) ||
             (!options_.password.empty() && who.login_password != options_.password))
        refusal = illegal_login;
    else {
        auto& found = open(who.login_name);
        stopped_.erase(&found);
        if (on_client_)
            on_client_(found);
        return &found;
    }
    return nullptr;
}

std::uint8_t gateway::mistake_of(const sequence& number, const submit& text) {
    if (text.users.size() != 1) // Posthorn sends each text by itself
        return format_error;
    if (text.users.front().empty())
        return illegal_number;
    if (oversized_field(text) == "MessageContent")
        return too_long;
    const auto hash = posthorn::simulator::hash_octets(octets_of(number), 1);
    return options_.count_repeats && sequences_.repeat(hash) ? illegal_sequence : 0;
}

void gateway::name_text(const submitted& text, std::string& in_response, std::string& in_receipt) {
    in_response = octets_of(static_cast<const submitted_text&>(text).number());
    in_receipt = in_response;
}

delivery gateway::write_phone_text(std::string_view from, std::string_view to, bool header,
                                   std::uint8_t data_coding, std::string_view octets) {
    return written(command::deliver, deliver{.user_number = from,
                                             .sp_number = to,
                                             .tp_udhi = header ? std::uint8_t{1} : std::uint8_t{0},
                                             .message_coding = data_coding,
                                             .content = octets});
}

submitted_text::submitted_text(const sequence& number, const submit& octets)
    : number_(number), submit_(octets) {
    source = octets.sp_number;
    destination = octets.users.front();
    esm_class = octets.tp_udhi != 0 ? 0x40 : 0;
    data_coding = octets.message_coding;
    registered = octets.report_flag;
    text = short_message = octets.content;
}

bool submitted_text::wants_receipt(outcome of) const {
    return registered == 1 || (registered == 0 && endings[static_cast<std::size_t>(of)].state == 2);
}

bool submitted_text::more_parts_follow() const {
    return esm_class != 0 && posthorn::simulator::header_says_more(text);
}

delivery submitted_text::receipt(std::string_view id, const fate& to, std::int64_t) const {
    const auto& end = endings[static_cast<std::size_t>(to.outcome)];
    auto item = written(command::report, report{.submit = number_,
                                                .user_number = submit_.users.front(),
                                                .state = end.state,
                                                .error_code = end.error});
    item.id_at = header_size;
    item.id_size = static_cast<std::uint32_t>(id.size());
    return item;
}

} // namespace posthorn::sgip::simulator
