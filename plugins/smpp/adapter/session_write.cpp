#include "smpp/adapter/session.hpp"

#include <algorithm>

namespace posthorn::smpp {

namespace asio = boost::asio;

void session::submit(std::span<const sdk::unit> units) {
    now_ = clock::now();
    const auto now = host_.now();
    for (const auto& u : units)
        if (state_ != state::bound)
            verdicts_.push_back(judge::not_sent(u.handle, "not bound"));
        else if (!may_submit(role_))
            verdicts_.push_back(judge::not_sent(u.handle, "bound as receiver"));
        else if (u.validity < std::chrono::seconds(1)) // the carrier would take none as its own
            keep_to_its_end(u);
        else if (pending_.full())
            verdicts_.push_back(judge::not_sent(u.handle, "the window is full"));
        else if (!append(u, now))
            verdicts_.push_back(judge::not_sent(u.handle, "out of memory"));
    flush();
    if (!corked_)
        give_verdicts();
}

void session::keep_to_its_end(const sdk::unit& u) {
    auto verdict = judge::not_sent(u.handle, "less than a second is left");
    verdict.after = u.validity;
    verdicts_.push_back(std::move(verdict));
}

// Whether the unit got a verdict or a place in the window.
bool session::append(const sdk::unit& u, sdk::instant now) {
    auto& tail = out_.tail();
    const auto size = tail.size();
    try {
        const auto begin = out_.appended();
        const auto sequence = next_sequence();
        auto trouble = submission_.append(tail, sequence, u, reference_, now);
        if (!trouble.empty()) {
            verdicts_.push_back(judge::impossible(u.handle, std::move(trouble)));
            return true;
        }
        pending_.insert({.sequence = sequence,
                         .handle = u.handle,
                         .begin = begin,
                         .deadline = now_ + settings_.response_timeout,
                         .phone = account_.ids.watching() ? phone_tail(u.recipient) : 0,
                         .reference = u.reference,
                         .attempt = static_cast<std::uint16_t>(std::min(u.attempt, 0xFFFFU))});
        if (pending_.size() == 1)
            wake_by(pending_.oldest().deadline);
        return true;
    } catch (const std::exception&) {
        tail.resize(size); // nothing of the unit may leave
        return false;
    }
}

// A number still waiting for its answer after a whole round is not given again.
std::uint32_t session::next_sequence() {
    do
        sequence_ = sequence_ == last_sequence ? 1 : sequence_ + 1;
    while (pending_.contains(sequence_) || questions_.contains(sequence_));
    return sequence_;
}

void session::flush() {
    if (writing_ || corked_ || out_.empty() || state_ == state::closed)
        return;
    const auto chunk = out_.next();
    writing_ = true;
    pushed_ = clock::now();
    wake_by(pushed_ + write_limit);
    const auto octets = asio::buffer(chunk.data(), chunk.size());
    auto done = [self = shared_from_this()](const boost::system::error_code& error,
                                            std::size_t taken) { self->wrote(error, taken); };
    if (tls_stream_)
        tls_stream_->async_write_some(octets, std::move(done));
    else
        socket_.async_write_some(octets, std::move(done));
}

void session::wrote(const boost::system::error_code& error, std::size_t octets) {
    writing_ = false;
    out_.took(octets);
    if (state_ == state::closed)
        timer_.cancel(); // run() waits for us
    else if (error)
        close("connection lost: " + error.message());
    else if (!out_.empty())
        flush();
    else if (full_)
        room_.cancel();
    else if (hanging_up_) {
        boost::system::error_code ignored; // the reader hears of it too
        socket_.shutdown(asio::socket_base::shutdown_send, ignored);
    }
}

void session::append_bind() {
    constexpr command binds[] = {command::bind_transceiver, command::bind_transmitter,
                                 command::bind_receiver}; // by role
    bind_sequence_ = next_sequence();
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
    request.head.sequence = bind_sequence_;
    request.body = fields;
    encode(out_.tail(), request);
}

void session::stored(const std::vector<acknowledgement>& acks) {
    unstored_ -= acks.size();
    if (full_ && unstored_ < most_unstored / 2)
        room_.cancel();
    if (state_ == state::closed || hanging_up_)
        return;
    for (const auto& ack : acks)
        encode_message_resp(out_.tail(), ack.response, status::ok, ack.sequence, {});
    if (state_ == state::draining && all_answered())
        unbind();
    flush();
}

void session::give_verdicts() {
    if (verdicts_.empty())
        return;
    // The host may submit again, and so add verdicts, while it takes these.
    std::vector<sdk::verdict> batch;
    batch.swap(verdicts_);
    host_.verdicts(batch);
    batch.clear();
    if (verdicts_.empty())
        verdicts_.swap(batch); // keeps the memory
}

} // namespace posthorn::smpp
