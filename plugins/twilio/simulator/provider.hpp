// Twilio Programmable Messaging as its documentation has it, 2010-04-01.
//
//     POST /2010-04-01/Accounts/AC.../Messages.json      form   201 and the message, or 4xx {"code"}
//     GET  /2010-04-01/Accounts/AC.../Messages/SM....json       200 and its status
//     POST StatusCallback                                form   MessageSid, MessageStatus: a receipt
//     POST StatusCallback                                form   From, To, Body: a text from a phone
//
// Calls are signed. One that the client refuses is repeated only where its URL says so, as in
// https://sms.example.com/v1/carriers/twilio#rc=5&rp=all
#pragma once

#include "sdk/simulator/http/server.hpp"

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace posthorn::twilio::simulator {

using namespace posthorn::simulator::http;
using posthorn::simulator::delivery;
using posthorn::simulator::fate;

struct options : posthorn::simulator::http::options {
    std::string account_sid = "AC00000000000000000000000000000000", auth_token = "simulator";
    std::string key_sid, key_secret; // which may send, too
};

class twilio_provider final : public provider {
public:
    twilio_provider(boost::asio::io_context& io, const options& chosen);

    std::optional<reply> stranger(const message& asked) override;
    heard hear(const message& asked) override;
    reply answer(const heard& what, std::span<const verdict> verdicts) override;
    reply no_request() override;
    delivery write_receipt(const text& of, std::string_view id, const fate& to,
                           std::int64_t done_us) override;
    delivery write_inbound(std::string_view from, std::string_view to,
                           std::string_view words) override;
    call write_call(std::span<const std::string_view> items, const callback& where) override;
    reception reception_of(const message& answered) const override;

protected:
    std::string new_id(const text& of) override;

private:
    heard hear_text(const message& asked);
    heard hear_inquiry(std::string_view sid);
    std::string new_sid();

    const options options_;
    const std::string messages_; // "/2010-04-01/Accounts/AC.../Messages"
};

using server = server_of<twilio_provider>;

posthorn::simulator::command_line<options> read_command_line(int argc, char** argv);

} // namespace posthorn::twilio::simulator
