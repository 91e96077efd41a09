// An SGIP gateway: the carrier to which a SUBMIT's sequence number is the text's id, and which reports by
// REPORT.
#pragma once

#include "sdk/simulator/carrier.hpp"
#include "sdk/simulator/seen.hpp"
#include "sgip/codec/pdu.hpp"
#include "sgip/simulator/options.hpp"

#include <cstdint>
#include <functional>
#include <set>
#include <string>
#include <string_view>

namespace posthorn::sgip::simulator {

using posthorn::simulator::account;
using posthorn::simulator::carrier;
using posthorn::simulator::delivery;
using posthorn::simulator::fate;
using posthorn::simulator::outcome;
using posthorn::simulator::submitted;

class gateway final : public carrier {
public:
    gateway(boost::asio::io_context& io, const options& chosen);

    const options& own() const { return options_; }
    /// Called when a client has bound: who dials it begins.
    void on_client(std::function<void(account&)> handler) { on_client_ = std::move(handler); }

    /// The account that a BIND opens, or null with the Result to refuse it by.
    account* admit(const bind& who, std::uint8_t& refusal);
    /// Result for a SUBMIT that is no matter of load or fate; 0 when there is none.
    std::uint8_t mistake_of(const sequence& number, const submit& text);

    // The fault receipts-stop: until the client binds again.
    void stop_deliveries(account& to) { stopped_.insert(&to); }
    bool delivers(account& to) const { return !stopped_.contains(&to); }

    /// MMDDhhmmss in China.
    std::uint32_t clock() const;

protected:
    void name_text(const submitted& text, std::string& in_response,
                   std::string& in_receipt) override;
    delivery write_phone_text(std::string_view from, std::string_view to, bool header,
                              std::uint8_t data_coding, std::string_view octets) override;

private:
    options options_;
    std::function<void(account&)> on_client_;
    posthorn::simulator::seen sequences_;
    std::set<const account*> stopped_;
};

class submitted_text final : public submitted {
public:
    submitted_text(const sequence& number, const submit& text);

    const sequence& number() const { return number_; }
    bool wants_receipt(outcome of) const override;
    bool more_parts_follow() const override;
    delivery receipt(std::string_view id, const fate& to, std::int64_t done_us) const override;

private:
    const sequence& number_;
    const submit& submit_;
};

} // namespace posthorn::sgip::simulator
