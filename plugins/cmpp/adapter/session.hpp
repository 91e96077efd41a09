// CMPP over one connection: what sdk::session leaves to the protocol.
//
//     us ── CONNECT ──────────────► gateway      SUBMIT ──►   ◄── SUBMIT_RESP (its Msg_Id)
//        ◄── DELIVER (report or text)            DELIVER_RESP ──► once it is stored
//        ◄── ACTIVE_TEST, TERMINATE ──►          CANCEL ──► when a person asks
#pragma once

#include "cmpp/adapter/account_state.hpp"
#include "cmpp/adapter/submission.hpp"
#include "cmpp/codec/login.hpp"
#include "sdk/link/session.hpp"

#include <cstdint>
#include <string>
#include <string_view>

namespace posthorn::cmpp {

class session final : public sdk::session {
public:
    session(account_state& account, beginning how);

private:
    void append_login(std::string& out, sdk::sequence_number sequence) override;
    std::string append_submit(std::string& out, sdk::sequence_number sequence, const sdk::unit& u,
                              sdk::instant now) override;
    void append_test(std::string& out, sdk::sequence_number sequence) override;
    void append_goodbye(std::string& out, sdk::sequence_number sequence) override;
    void append_goodbye_answer(std::string& out, sdk::sequence_number sequence) override;
    std::string append_cancel(std::string& out, sdk::sequence_number sequence,
                              const sdk::accepted_part& which) override;
    std::string append_query(std::string& out, sdk::sequence_number sequence,
                             const sdk::accepted_part& which) override;
    void about_link(sdk::finding& f) const override;

    void take(std::string_view packet) override;
    void take_broken(std::string_view why);
    void take_connect_resp(const connect_resp& answer);
    void take_lower_version(std::uint8_t theirs);
    bool is_proof(const connect_resp& answer) const;
    void take_submit_resp(const message_resp& answer);
    void take_deliver(const deliver& d);
    void take_report(const deliver& d);

    account_state& account_;
    const configuration& settings_;
    const dialect as_; // of this connection
    submission submission_;
    pdu pdu_;      // reused
    digest proof_; // ours, in CONNECT
    std::uint8_t peer_version_ = 0;
};

} // namespace posthorn::cmpp
