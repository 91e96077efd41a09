// SMPP over one connection: what sdk::session leaves to the protocol. Over TLS where the account
// says so.
#pragma once

#include "sdk/link/session.hpp"
#include "smpp/adapter/account_state.hpp"
#include "smpp/adapter/arrivals.hpp"
#include "smpp/adapter/submission.hpp"

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

namespace posthorn::smpp {

enum class role : std::uint8_t { transceiver, transmitter, receiver };
constexpr bool may_submit(role r) { return r != role::receiver; }
constexpr bool may_receive(role r) { return r != role::transmitter; }
std::string_view name(role r);

class session final : public sdk::session {
public:
    session(account_state& account, role as, beginning how);

private:
    // session_write.cpp
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
    std::uint64_t note_of(const sdk::unit& u) const override;
    std::string_view unwilling() const override;

    // session_read.cpp
    void take(std::string_view packet) override;
    void take_broken_stream(const sdk::framer& of) override;
    void take_broken(const decode_error& error);
    void take_request(const pdu& p);
    void take_answer(const pdu& p);
    void take_bind_answer(const pdu& p);
    void take_outbind(const outbind& from);
    void take_submit_answer(const header& head, std::string_view id);
    bool refused_for_tlvs(const sdk::pending_table::entry& unit, status code);
    void judge_unit(const sdk::pending_table::entry& unit, const header& head, std::string_view id);
    void judge_late(const answered& unit, const header& head, std::string_view id);
    void unreadable(const std::string& why);
    void take_nack(const header& head);
    void receipts_came(std::span<const sdk::receipt> all) override;

    // session.cpp: encryption, and what is known of the link
    boost::asio::awaitable<void> secure(const boost::asio::ip::address& reached) override;
    boost::asio::awaitable<transferred> read_some(boost::asio::mutable_buffer into) override;
    void write_some(boost::asio::const_buffer octets, written_handler done) override;
    bool ends_stream(const boost::system::error_code& error) const override;
    void warn_of_certificate();
    void about_link(sdk::finding& f) const override;
    bool receives() const override { return may_receive(role_); }

    account_state& account_;
    const configuration& settings_;
    judge& judge_;
    role role_;
    std::unique_ptr<tls_stream> tls_stream_; // over socket(), where the octets are encrypted
    pdu pdu_;                                // reused
    submission submission_;
    arrival_reader reader_;
    std::string peer_;                   // what the carrier calls itself
    std::uint8_t peer_interface_ = 0;    // what it says it speaks; 0: not said
    unsigned unreadable_ = 0;            // answers in a row that say a PDU was not understood
    std::uint64_t referenced_until_ = 0; // octets appended with it, once it was switched off
    bool reference_ = false;             // user_message_reference goes along
};

} // namespace posthorn::smpp
