// Tencent Cloud's SMS as a client meets it: 2021-01-11, and what it pushes.
//
//     POST /  X-TC-Action: SendSms  {"PhoneNumberSet","TemplateId","TemplateParamSet",…}
//                                   {"Response":{"SendStatusSet":[{"SerialNo","Code",…}]}}
//     POST callback   [{"sid","mobile","nationcode","report_status","errmsg",…}]
//     POST callback   {"mobile","nationcode","text","extend",…}
//
// One template with the same in its gaps goes to up to 200 phones; each of them has an answer of its
// own, and a request that fails as a whole has "Error" instead.
#pragma once

#include "sdk/simulator/http/approved.hpp"
#include "sdk/simulator/http/server.hpp"
#include "tencent/simulator/codes.hpp"
#include "tencent/simulator/signature.hpp"

#include <boost/json/object.hpp>

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace posthorn::tencent::simulator {

using namespace posthorn::simulator::http;
using posthorn::simulator::carrier;
using posthorn::simulator::delivery;
using posthorn::simulator::fate;
using posthorn::simulator::outcome;

struct options : posthorn::simulator::http::options {
    options() { read_status = status_named; }

    api_key key;
    std::string app_id; // empty: any
    posthorn::simulator::http::approved approved;
};

class sms_service final : public provider {
public:
    sms_service(boost::asio::io_context& io, const options& chosen);

    std::optional<reply> stranger(const message& asked) override;
    heard hear(const message& asked) override;
    reply answer(const heard& what, std::span<const verdict> verdicts) override;
    reply no_request() override;
    delivery write_receipt(const text& of, std::string_view id, const fate& to,
                           std::int64_t done_us) override;
    delivery write_inbound(std::string_view from, std::string_view to,
                           std::string_view words) override;
    bool reports(outcome of) const override { return posthorn::simulator::is_final(of); }
    std::size_t items_in_a_call(bool receipts) const override { return receipts ? 10 : 1; }
    call write_call(std::span<const std::string_view> items, const callback& where) override;
    reception reception_of(const message& answered) const override;

protected:
    std::string new_id(const text& of) override;

private:
    struct asked_phone {
        std::string number;       // as it was written
        std::string_view problem; // empty: it is a text
    };

    std::string_view hear_texts(const boost::json::value& json, heard& what);
    std::string_view problem_with(std::string_view sign_name, std::string_view template_id,
                                  bool is_filled) const;
    reply say(std::string_view code);
    reply say(boost::json::object response);
    boost::json::object status_of(const asked_phone& one, std::string_view code,
                                  std::string_view serial) const;

    const api_key key_;
    const std::string app_id_;
    const posthorn::simulator::http::approved approved_;
    // Of the request in hand.
    std::vector<asked_phone> phones_;
    std::string session_;
};

using server = server_of<sms_service>;

posthorn::simulator::command_line<options> read_command_line(int argc, char** argv);

} // namespace posthorn::tencent::simulator
