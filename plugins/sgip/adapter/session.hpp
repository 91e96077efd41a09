// One SGIP connection: ours, over which texts leave, or the carrier's, over which reports and texts
// come. Whatever comes over either is understood.
//
//     ours         BIND 1 ──►   SUBMIT ──►   ◄── SUBMIT_RESP    UNBIND ──► when idle
//     carrier's    ◄── BIND 2   ◄── REPORT, DELIVER   answers ──► once they are stored
#pragma once

#include "sdk/link/session.hpp"
#include "sgip/adapter/account_state.hpp"
#include "sgip/adapter/submission.hpp"

namespace posthorn::sgip {

class session final : public sdk::session {
public:
    session(account_state& account, beginning how)
        : sdk::session(account.links, std::move(how)), account_(account),
          settings_(account.settings), submission_(settings_) {}

private:
    void append_login(std::string& out, sdk::sequence_number sequence) override;
    std::string append_submit(std::string& out, sdk::sequence_number sequence, const sdk::unit& u,
                              sdk::instant now) override;
    void append_test(std::string& out, sdk::sequence_number sequence) override;
    void append_goodbye(std::string& out, sdk::sequence_number sequence) override;
    void append_goodbye_answer(std::string& out, sdk::sequence_number sequence) override;
    sdk::sequence_number after(sdk::sequence_number last) const override;
    void unit_doubted(const sdk::pending_table::entry& unit) override;
    void about_link(sdk::finding& f) const override;

    void take(std::string_view packet) override;
    void take_unreadable(std::string_view why);
    void take_bind(const bind& request);
    void take_bind_resp(const answer& response);
    void take_submit_resp(const answer& response);
    void take_deliver(const deliver& request);
    void take_report(const report& request);
    void refuse(std::uint8_t result);

    bool may_bring() const;

    account_state& account_;
    const configuration& settings_;
    submission submission_;
    pdu pdu_; // the packet being taken
};

} // namespace posthorn::sgip
