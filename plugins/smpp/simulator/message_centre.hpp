// An SMPP message centre: the carrier that names texts by --id and writes receipts as deliver_sm.
#pragma once

#include "sdk/simulator/carrier.hpp"
#include "sdk/simulator/minute_text.hpp"
#include "smpp/codec/pdu.hpp"
#include "smpp/codec/receipt.hpp"
#include "smpp/codec/status.hpp"
#include "smpp/simulator/message_ids.hpp"
#include "smpp/simulator/options.hpp"

#include <cstdint>
#include <string>
#include <string_view>

namespace posthorn::smpp::simulator {

using posthorn::simulator::account;
using posthorn::simulator::carrier;
using posthorn::simulator::delivery;
using posthorn::simulator::fate;
using posthorn::simulator::outcome;
using posthorn::simulator::submitted;

class message_centre final : public carrier {
public:
    message_centre(boost::asio::io_context& io, const options& chosen);

    /// The account a bind opens, or null with the status to refuse it by.
    account* admit(const bind& who, smpp::status& refusal);

    /// A text is to be taken back: possible until its receipt has left, which then says DELETED.
    smpp::status cancel(account& from, std::string_view id);
    /// What has become of a text; nothing for one we do not know, or no longer.
    std::optional<message_state> query(const account& from, std::string_view id) const;

    delivery receipt_for(const sm& text, std::string_view id, outcome to, std::int64_t done_us);

protected:
    void name_text(const submitted& text, std::string& in_response,
                   std::string& in_receipt) override;
    delivery write_phone_text(std::string_view from, std::string_view to, bool header,
                              std::uint8_t data_coding, std::string_view octets) override;

private:
    options options_;
    message_ids ids_;
    posthorn::simulator::minute_text submitted_, done_; // in UTC
    std::string text_, tlvs_;                           // scratch
};

/// A submit_sm or data_sm.
class submitted_sm final : public submitted {
public:
    submitted_sm(message_centre& to, const sm& text);

    bool wants_receipt(outcome of) const override;
    bool more_parts_follow() const override;
    delivery receipt(std::string_view id, const fate& to, std::int64_t done_us) const override;

private:
    message_centre& to_;
    const sm& sm_;
};

} // namespace posthorn::smpp::simulator
