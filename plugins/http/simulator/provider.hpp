// A provider over HTTP: it takes texts as JSON and reports on them in JSON.
//
//     POST /v2/messages      {"to","from","text","callback"}    {"code":"0","data":{"id"}}
//     GET /v2/messages/ID                                       {"state","error"}
//     POST callback          {"id","to","state","error"}        a receipt
//     POST callback          {"from","to","text"}               a text from a phone
#pragma once

#include "sdk/simulator/http/server.hpp"

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace posthorn::http::simulator {

using namespace posthorn::simulator::http;
using posthorn::simulator::delivery;
using posthorn::simulator::fate;
using posthorn::simulator::outcome;

struct options : posthorn::simulator::http::options {
    std::string secret; // empty: any will do
};

class json_provider final : public provider {
public:
    json_provider(boost::asio::io_context& io, const options& chosen);

    std::optional<reply> stranger(const message& asked) override;
    heard hear(const message& asked) override;
    reply answer(const heard& what, std::span<const verdict> verdicts) override;
    reply no_request() override;
    delivery write_receipt(const text& of, std::string_view id, const fate& to,
                           std::int64_t done_us) override;
    delivery write_inbound(std::string_view from, std::string_view to,
                           std::string_view words) override;
    call write_call(std::span<const std::string_view> items, const callback& where) override;

protected:
    std::string new_id(const text& of) override;

private:
    heard hear_text(const message& asked);
    heard hear_inquiry(std::string_view id);

    const std::string secret_;
};

using server = server_of<json_provider>;

posthorn::simulator::command_line<options> read_command_line(int argc, char** argv);

} // namespace posthorn::http::simulator
