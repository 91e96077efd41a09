// The SMS API of Vonage (Nexmo) as its documentation has it.
//
//     POST /sms/json  form  200, and of each part of the text {"status":"0","message-id"} or a mistake
//     POST callback   form  messageId, status: a receipt of a part
//     POST callback   form  messageId, msisdn, text: a text from a phone, or with concat a part of one
//
// It calls by GET, or with JSON, where the account says so; what is not answered with 2xx comes
// again.
#pragma once

#include "sdk/http/escape.hpp"
#include "sdk/simulator/http/server.hpp"

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace posthorn::vonage::simulator {

using namespace posthorn::simulator::http;
using posthorn::simulator::delivery;
using posthorn::simulator::fate;

struct options : posthorn::simulator::http::options {
    std::string api_key = "abcd1234", api_secret = "simulator";
    std::string signature_secret; // empty: nothing is signed
    std::string signature_method = "sha256";
    std::string calls_by = "post"; // or get, json
};

class vonage_provider final : public provider {
public:
    vonage_provider(boost::asio::io_context& io, const options& chosen);

    std::optional<reply> stranger(const message& asked) override;
    heard hear(const message& asked) override;
    reply answer(const heard& what, std::span<const verdict> verdicts) override;
    reply no_request() override;
    delivery write_receipt(const text& of, std::string_view id, const fate& to,
                           std::int64_t done_us) override;
    delivery write_inbound(std::string_view from, std::string_view to,
                           std::string_view words) override;
    delivery write_inbound_part(std::string_view from, std::string_view to, std::string_view words,
                                const piece& of) override;
    call write_call(std::span<const std::string_view> items, const callback& where) override;
    reception reception_of(const message& answered) const override;

protected:
    std::string new_id(const text& of) override;

private:
    std::uint32_t login_mistake(const sdk::form_fields& form) const;
    bool is_signed(const sdk::form_fields& form) const;
    std::string next_id();

    const options options_;
};

using server = server_of<vonage_provider>;

posthorn::simulator::command_line<options> read_command_line(int argc, char** argv);

} // namespace posthorn::vonage::simulator
