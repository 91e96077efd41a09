// A provider over HTTP: it takes texts as JSON and reports on them in JSON.
//
//     POST /v2/messages      {"to","from","text","callback"}    {"code":"0","data":{"id"}}
//     GET /v2/messages/ID                                       {"state","error"}
//     POST callback          {"id","to","state","error"}        a receipt
//     POST callback          {"from","to","text"}               a text from a phone
#pragma once

#include "http/simulator/options.hpp"
#include "sdk/simulator/carrier.hpp"

#include <boost/json/value.hpp>

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

namespace posthorn::http::simulator {

using posthorn::simulator::account;
using posthorn::simulator::carrier;
using posthorn::simulator::delivery;
using posthorn::simulator::fate;
using posthorn::simulator::outcome;
using posthorn::simulator::submitted;

/// Codes of its answers; others are of --refuse.
constexpr std::uint32_t too_fast = 1001, busy = 1002, no_such_text = 1003, no_text = 1004,
                        wrong_secret = 1006;

class provider final : public carrier {
public:
    provider(boost::asio::io_context& io, const options& chosen);

    account& client() { return client_; }
    bool knows(std::string_view authorization) const;
    /// Where it calls; nothing: nobody has said so yet.
    const std::optional<callback>& calls() const { return calls_; }
    /// A text says where to; heeded where nothing is known. `then` is called once it is.
    void learn_callback(std::string_view url);
    void on_callback(std::function<void()> then);

    std::string receipt_for(std::string_view to, std::string_view id, outcome of);
    delivery delivered(std::string json, std::string_view id) const;

protected:
    void name_text(const submitted& text, std::string& in_response,
                   std::string& in_receipt) override;
    delivery write_phone_text(std::string_view from, std::string_view to, bool header,
                              std::uint8_t data_coding, std::string_view octets) override;

private:
    // Where there is nobody to call, receipts are kept for who asks.
    class shelf final : public posthorn::simulator::receiver {
    public:
        explicit shelf(provider& of) : of_(of) {}
        bool has_room() const override { return true; }
        void deliver(delivery item) override;
        void flush() override {}

    private:
        provider& of_;
    };

    options options_;
    account& client_;
    shelf shelf_;
    std::optional<callback> calls_;
    std::function<void()> callback_known_;
    std::string run_; // how all ids of this run begin
    std::uint64_t count_ = 0;
};

class submitted_text final : public submitted {
public:
    /// Nothing of it is missing; see is_whole(). `json` outlives it.
    submitted_text(provider& to, const boost::json::value& json);
    bool is_whole() const { return !destination.empty() && !text.empty(); }

    bool wants_receipt(outcome) const override { return true; }
    bool more_parts_follow() const override { return false; }
    delivery receipt(std::string_view id, const fate& to, std::int64_t done_us) const override;

private:
    provider& to_;
    std::string recipient_, sender_, words_;
};

/// "DELIVRD", and "0" or an error.
std::string state_json(outcome of);

} // namespace posthorn::http::simulator
