// A CMPP gateway: the carrier that names texts by 64-bit Msg_Ids and reports on them by DELIVER.
#pragma once

#include "cmpp/codec/pdu.hpp"
#include "cmpp/simulator/options.hpp"
#include "sdk/simulator/carrier.hpp"
#include "sdk/simulator/minute_text.hpp"

#include <cstdint>
#include <string>
#include <string_view>

namespace posthorn::cmpp::simulator {

using posthorn::simulator::account;
using posthorn::simulator::carrier;
using posthorn::simulator::delivery;
using posthorn::simulator::fate;
using posthorn::simulator::outcome;
using posthorn::simulator::submitted;

/// Time, gateway code and sequence, as the specification lays them out; never twice in a run and
/// hardly ever in two.
class msg_ids {
public:
    msg_ids();
    msg_id next(std::int64_t utc_us) noexcept;

private:
    std::uint64_t count_; // gateway code and sequence together: 38 bits
};

/// Result of what nobody can read.
constexpr std::uint32_t structure_error = 1;

/// Msg_Ids as the carrier keeps them: eight octets.
std::string octets_of(msg_id id);
msg_id msg_id_of(std::string_view octets) noexcept;

class gateway final : public carrier {
public:
    gateway(boost::asio::io_context& io, const options& chosen);

    dialect version() const { return options_.version; }

    /// The account that a CONNECT opens, or null. `answer` says why, and proves that we know the secret.
    /// Its authenticator lives until the next call.
    account* admit(const connect& who, connect_resp& answer);
    /// Result for a SUBMIT that is no matter of load or fate; 0 when there is none.
    std::uint32_t mistake_of(const submit& text) const;
    /// A text is to be taken back: possible until its report has left, which then says DELETED.
    bool cancel(account& from, msg_id id);

    delivery report_for(const submit& text, std::string_view id, outcome to, std::int64_t done_us);

protected:
    void name_text(const submitted& text, std::string& in_response,
                   std::string& in_receipt) override;
    delivery write_phone_text(std::string_view from, std::string_view to, bool header,
                              std::uint8_t data_coding, std::string_view octets) override;

private:
    delivery written(const deliver& body);

    options options_;
    msg_ids ids_;
    posthorn::simulator::minute_text submitted_, done_;
    std::uint32_t reports_ = 0;
    std::string authenticator_, report_; // scratch
};

class submitted_text final : public submitted {
public:
    submitted_text(gateway& to, const submit& text);

    bool wants_receipt(outcome of) const override;
    bool more_parts_follow() const override;
    delivery receipt(std::string_view id, const fate& to, std::int64_t done_us) const override;

private:
    gateway& to_;
    const submit& submit_;
};

} // namespace posthorn::cmpp::simulator
