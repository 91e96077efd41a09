#include "smpp/adapter/session.hpp"

namespace posthorn::smpp {

void session::append_login(std::string& out, sdk::sequence_number sequence) {
    constexpr command binds[] = {command::bind_transceiver, command::bind_transmitter,
                                 command::bind_receiver}; // by role
    bind fields;
    fields.system_id = settings_.system_id;
    fields.password = settings_.password;
    fields.system_type = settings_.system_type;
    fields.interface_version = settings_.interface_version;
    fields.address_range = settings_.address_range;
    const auto field = oversized_field(fields);
    if (field == "password") // many carriers give longer ones than the specification allows
        host_.log(sdk::level::debug,
                  "the password is longer than SMPP allows, and sent all the same");
    else if (!field.empty())
        return close("cannot bind: " + std::string(field) + " is too long for SMPP");
    pdu request;
    request.head.id = binds[static_cast<std::size_t>(role_)];
    request.head.sequence = sequence.number;
    request.body = fields;
    encode(out, request);
}

std::string session::append_submit(std::string& out, sdk::sequence_number sequence,
                                   const sdk::unit& u, sdk::instant now) {
    return submission_.append(out, sequence.number, u, reference_, now);
}

void session::append_test(std::string& out, sdk::sequence_number sequence) {
    encode_header(out, command::enquire_link, status::ok, sequence.number);
}

void session::append_goodbye(std::string& out, sdk::sequence_number sequence) {
    encode_header(out, command::unbind, status::ok, sequence.number);
}

void session::append_goodbye_answer(std::string& out, sdk::sequence_number sequence) {
    encode_header(out, command::unbind_resp, status::ok, sequence.number);
}

std::string session::append_cancel(std::string& out, sdk::sequence_number sequence,
                                   const sdk::accepted_part& which) {
    pdu request;
    request.head.id = command::cancel_sm;
    request.head.sequence = sequence.number;
    request.body = cancel_sm{.service_type = settings_.service_type,
                             .message_id = which.ref,
                             .source = submission_.source(which.sender),
                             .destination = {}}; // with an id it is empty
    encode(out, request);
    return {};
}

std::string session::append_query(std::string& out, sdk::sequence_number sequence,
                                  const sdk::accepted_part& which) {
    pdu request;
    request.head.id = command::query_sm;
    request.head.sequence = sequence.number;
    request.body = query_sm{.message_id = which.ref, .source = submission_.source(which.sender)};
    encode(out, request);
    return {};
}

std::uint64_t session::note_of(const sdk::unit& u) const {
    return account_.ids.watching() ? phone_tail(u.recipient) : 0;
}

std::string_view session::unwilling() const {
    return may_submit(role_) ? std::string_view{} : "bound as receiver";
}

} // namespace posthorn::smpp
