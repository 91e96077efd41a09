// An SMGP gateway: the carrier that names texts by ten octets and reports on them by Deliver.
#pragma once

#include "sdk/simulator/carrier.hpp"
#include "sdk/simulator/minute_text.hpp"
#include "smgp/codec/msg_id.hpp"
#include "smgp/codec/pdu.hpp"
#include "smgp/simulator/options.hpp"

#include <cstdint>
#include <string>
#include <string_view>

namespace posthorn::smgp::simulator {

using posthorn::simulator::account;
using posthorn::simulator::carrier;
using posthorn::simulator::delivery;
using posthorn::simulator::fate;
using posthorn::simulator::outcome;
using posthorn::simulator::submitted;

/// Gateway code, time and sequence in BCD, as the specification lays them out; never twice in a run and
/// hardly ever in two.
class msg_ids {
public:
    msg_ids();
    msg_id next(std::int64_t utc_us);

private:
    std::uint64_t count_; // gateway code and sequence together: twelve digits
    posthorn::simulator::minute_text minute_;
};

/// Status of what nobody can read, and of what the link is not for.
constexpr std::uint32_t structure_error = 10, command_error = 11;

class gateway final : public carrier {
public:
    gateway(boost::asio::io_context& io, const options& chosen);

    /// The account that a Login opens, or null. `answer` says why, and proves that we know the secret.
    /// Its authenticator lives until the next call.
    account* admit(const login& who, login_resp& answer);
    /// Status for a Submit that is no matter of load or fate; 0 when there is none.
    std::uint32_t mistake_of(const submit& text) const;

    delivery report_for(const submit& text, std::string_view id, outcome to, std::int64_t done_us);

protected:
    void name_text(const submitted& text, std::string& in_response,
                   std::string& in_receipt) override;
    delivery write_phone_text(std::string_view from, std::string_view to, bool header,
                              std::uint8_t data_coding, std::string_view octets) override;

private:
    delivery written(deliver body);

    options options_;
    msg_ids ids_;
    posthorn::simulator::minute_text now_, done_;
    std::string authenticator_, report_, tlvs_; // scratch
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

} // namespace posthorn::smgp::simulator
