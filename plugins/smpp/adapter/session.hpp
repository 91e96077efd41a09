// One TCP connection to the carrier, from connect to close. A new connection is a new session.
//
//     connecting ─► greeting? ─► binding ─► bound ─► draining ─► unbinding ─► closed
//                                            └─ the carrier's unbind, its or our fault ─┘
//
// Two coroutines: talk() connects, binds and reads; watch() keeps all time limits with one timer.
// Writing is a chain of handlers. All on the host's executor. `greeting`: the carrier has dialled
// us, and its outbind is to come.
#pragma once

#include "sdk/link/outgoing.hpp"
#include "sdk/link/pending.hpp"
#include "smpp/adapter/account_state.hpp"
#include "smpp/adapter/arrivals.hpp"
#include "smpp/adapter/submission.hpp"
#include "smpp/codec/framer.hpp"

#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/steady_timer.hpp>

#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

namespace posthorn::smpp {

enum class role : std::uint8_t { transceiver, transmitter, receiver };
constexpr bool may_submit(role r) { return r != role::receiver; }
constexpr bool may_receive(role r) { return r != role::transmitter; }
std::string_view name(role r);

class session : public std::enable_shared_from_this<session> {
public:
    using clock = std::chrono::steady_clock;

    // How a session ended.
    struct ending {
        std::string why;             // in a person's words
        status refused = status::ok; // the answer to the bind, when it was not ok
        clock::duration bound_for{}; // 0: was never bound
    };
    // Called with true when units may come, with false and the reason when no more may.
    using open_handler = std::function<void(bool open, const std::string& why)>;

    // Dials. `attempt`: which of the host's addresses comes first, counted round and round.
    session(account_state& account, role as, open_handler opened, unsigned attempt);
    // Has been dialled by the carrier.
    session(account_state& account, boost::asio::ip::tcp::socket from_carrier, open_handler opened);

    // Every unit submitted has its verdict when it returns.
    boost::asio::awaitable<ending> run();

    void submit(std::span<const sdk::unit> units);
    // How many more units it takes now.
    unsigned room() const { return state_ == state::bound ? pending_.room() : 0; }

    void cancel(const sdk::accepted_part& which, std::function<void(sdk::cancellation)> done);
    void query(const sdk::accepted_part& which, std::function<void(sdk::inquiry)> done);
    void probe(std::function<void(sdk::finding)> done);

    // Takes no more units, waits for the answers, unbinds, closes. Harmless when repeated.
    void stop(const std::string& why);

private:
    // With more arrivals not yet stored, or octets not yet taken by the carrier, nothing is read.
    static constexpr std::size_t most_unstored = 20'000, most_unwritten = 1024 * 1024;
    static constexpr clock::duration write_limit = std::chrono::seconds(30); // without progress

    enum class state : std::uint8_t {
        connecting,
        greeting,
        binding,
        bound,
        draining,
        unbinding,
        closed
    };

    // session.cpp: its life
    boost::asio::awaitable<void> talk();
    boost::asio::awaitable<void> connect();
    boost::asio::awaitable<void> encrypt();
    boost::asio::awaitable<void> until_room();
    void begin_to_bind();
    void warn_of_certificate();
    boost::asio::awaitable<void> watch();
    void enter(state next, clock::duration limit);
    void drain(const std::string& why);
    void unbind();
    void hang_up(const std::string& why); // after what is written has left
    void close(const std::string& why);   // now
    void close_opened(const std::string& why);
    void settle();
    bool all_answered() const { return pending_.empty() && arrivals_.empty() && unstored_ == 0; }
    bool overfull() const { return unstored_ >= most_unstored || out_.waiting() >= most_unwritten; }
    void take_overdue(clock::time_point now);
    clock::time_point next_look() const;
    clock::time_point next_enquiry() const;
    void look_at_clock(clock::time_point now);
    void look_at_link(clock::time_point now);
    void look_for_receipts(clock::time_point now);
    void wake_by(clock::time_point t);

    // session_write.cpp
    void keep_to_its_end(const sdk::unit& u);
    bool append(const sdk::unit& u, sdk::instant now);
    std::uint32_t next_sequence();
    void flush();
    void wrote(const boost::system::error_code& error, std::size_t octets);
    void append_bind();
    void stored(const std::vector<acknowledgement>& acks);
    void give_verdicts();

    // session_ask.cpp
    struct question {
        clock::time_point deadline{};
        std::function<void(sdk::cancellation)> cancelled; // of the three one is set
        std::function<void(sdk::inquiry)> told;
        std::function<void(sdk::finding)> found;
        void end(bool certain, std::string why) const;
    };
    bool may_ask(std::string& why) const;
    std::uint32_t remember(question q);
    void take_ask_answer(const pdu& p);
    void take_enquiry_answer(std::uint32_t sequence);
    sdk::finding about_link(clock::duration answered_in);
    bool nack_question(const header& head);
    void forget_questions(clock::time_point due, std::string_view why);
    clock::time_point next_question() const;

    // session_read.cpp
    void take_all(std::size_t octets);
    void take_broken_stream();
    void take(std::string_view octets);
    void take_broken(const decode_error& error);
    void take_request(const pdu& p);
    void take_unbind(const pdu& p);
    void take_answer(const pdu& p);
    void take_bind_answer(const pdu& p);
    void take_outbind(const outbind& from);
    void take_submit_answer(const header& head, std::string_view id);
    bool refused_for_tlvs(const pending_table::entry& unit, status code);
    void judge_unit(const pending_table::entry& unit, const header& head, std::string_view id);
    void judge_late(const header& head, std::string_view id);
    void unreadable(const std::string& why);
    void take_nack(const header& head);
    void hand_over_arrivals();

    account_state& account_;
    sdk::host& host_;
    const configuration& settings_;
    judge& judge_;
    role role_;
    open_handler opened_;
    unsigned attempt_ = 0;

    boost::asio::ip::tcp::socket socket_;
    std::unique_ptr<tls_stream> tls_stream_; // over socket_, where the octets are encrypted
    boost::asio::steady_timer timer_;
    boost::asio::steady_timer room_; // woken when there may be room to read again
    framer framer_;
    pdu pdu_; // reused
    outgoing out_;
    pending_table pending_;
    submission submission_;
    std::map<std::uint32_t, pending_table::entry> overdue_; // by sequence: uncertain by now
    std::map<std::uint32_t, question> questions_;           // by sequence
    std::vector<sdk::verdict> verdicts_;
    arrivals arrivals_;

    state state_ = state::connecting;
    clock::time_point now_{};    // when the current piece of work began
    clock::time_point limit_{};  // of the current state
    clock::time_point heard_{};  // last octets from the carrier, or last enquire_link
    clock::time_point begun_{};  // of the PDU that is incomplete
    clock::time_point pushed_{}; // last progress of the write under way
    clock::time_point bound_at_{};
    clock::duration bind_took_{};
    std::string peer_;                // what the carrier calls itself
    std::uint8_t peer_interface_ = 0; // what it says it speaks; 0: not said
    unsigned unanswered_enquiries_ = 0;
    unsigned unreadable_ = 0; // answers in a row that say a PDU was not understood
    unsigned overdue_in_a_row_ = 0;
    std::size_t unstored_ = 0;           // arrivals handed to the host and not yet stored
    std::uint64_t referenced_until_ = 0; // octets appended with it, once it was switched off
    std::uint32_t sequence_ = 0;
    std::uint32_t bind_sequence_ = 0, unbind_sequence_ = 0;
    std::optional<std::uint32_t> unbind_asked_; // by the carrier; answered when all else is
    bool bound_ = false;                        // has been
    bool open_ = false;                         // what opened_ was told
    bool partial_ = false;                      // begun_ is set
    bool writing_ = false;                      // a write is under way
    bool corked_ = false;     // answers gather until the read has been worked through
    bool hanging_up_ = false; // close when all is written
    bool reference_ = false;  // user_message_reference goes along
    bool deaf_ = false;       // ignore what still comes
    bool full_ = false;       // no room: nothing is read
    bool dialled_ = true;     // by us
    bool texts_came_ = false; // and were handed over
    ending ending_;
};

} // namespace posthorn::smpp
