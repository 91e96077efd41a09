// Aliyun's SMS as a client meets it: dysmsapi 2017-05-25, and what it pushes.
//
//     POST /  x-acs-action: SendSms            PhoneNumbers=a,b  one template to up to 1000
//     POST /  x-acs-action: SendBatchSms       PhoneNumberJson=["a","b"]  up to 100, each with its own
//     POST /  x-acs-action: QuerySendDetails   PhoneNumber, BizId, SendDate
//     POST callback   [{"phone_number","biz_id","success","err_code",…}]    SmsReport
//     POST callback   [{"phone_number","content","dest_code",…}]            SmsUp
//
// A request has one BizId, whatever the number of its phones; all of them are taken, or none. Here a
// text's id is "BizId/phone"; a BizId begins with the microsecond in which it was given.
#pragma once

#include "aliyun/simulator/codes.hpp"
#include "aliyun/simulator/signature.hpp"
#include "sdk/http/escape.hpp"
#include "sdk/simulator/http/approved.hpp"
#include "sdk/simulator/http/server.hpp"

#include <boost/json/value.hpp>

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace posthorn::aliyun::simulator {

using namespace posthorn::simulator::http;
using posthorn::simulator::carrier;
using posthorn::simulator::delivery;
using posthorn::simulator::fate;
using posthorn::simulator::outcome;

struct options : posthorn::simulator::http::options {
    options() { read_status = status_named; }

    access_key key;
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
    std::size_t items_in_a_call(bool) const override { return 10; }
    call write_call(std::span<const std::string_view> items, const callback& where) override;
    reception reception_of(const message& answered) const override;

protected:
    std::string new_id(const text& of) override;

private:
    struct wanted {
        std::string phone, sign_name, template_code, out_id;
        boost::json::value parameters;
    };

    std::string_view hear_one(const sdk::form_fields& form, heard& what);
    std::string_view hear_several(const sdk::form_fields& form, heard& what);
    std::string_view add(heard& what, const wanted& one);
    std::string_view hear_inquiry(const sdk::form_fields& form, heard& what);
    reply say(std::string_view code);

    const access_key key_;
    const posthorn::simulator::http::approved approved_;
    nonces nonces_;
    std::string biz_id_; // of the request in hand
};

using server = server_of<sms_service>;

posthorn::simulator::command_line<options> read_command_line(int argc, char** argv);

} // namespace posthorn::aliyun::simulator
