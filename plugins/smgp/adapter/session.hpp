// SMGP over one connection: what sdk::session leaves to the protocol.
#pragma once

#include "sdk/link/session.hpp"
#include "smgp/adapter/account_state.hpp"
#include "smgp/adapter/submission.hpp"
#include "smgp/codec/login.hpp"

#include <string>
#include <string_view>

namespace posthorn::smgp {

std::string_view name(login_mode mode);

class session final : public sdk::session {
public:
    session(account_state& account, login_mode mode, beginning how);

private:
    void append_login(std::string& out, sdk::sequence_number sequence) override;
    std::string append_submit(std::string& out, sdk::sequence_number sequence, const sdk::unit& u,
                              sdk::instant now) override;
    void append_test(std::string& out, sdk::sequence_number sequence) override;
    void append_goodbye(std::string& out, sdk::sequence_number sequence) override;
    void append_goodbye_answer(std::string& out, sdk::sequence_number sequence) override;

    bool receives() const override { return mode_ != login_mode::send; }
    void take(std::string_view packet) override;
    void take_broken(std::string_view packet, std::string_view why);
    void take_request(const pdu& p);
    void take_deliver(const header& head, const deliver& d);
    void take_login_answer(const header& head, const login_resp& answer);
    bool proves_itself(const login_resp& answer);
    void take_submit_answer(const header& head, const message_resp& answer);
    void about_link(sdk::finding& f) const override;

    const configuration& settings_;
    judge& judge_;
    login_mode mode_;
    submission submission_;
    pdu pdu_;          // reused
    digest proof_{};   // in our Login
    std::string peer_; // the version that the gateway says it speaks
};

} // namespace posthorn::smgp
