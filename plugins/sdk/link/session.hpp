// One TCP connection to the carrier, from connect to close, for protocols with a login, a window of
// unanswered requests and answers that repeat a sequence number (SMPP, CMPP, SGIP, SMGP). A new
// connection is a new session.
//
//     connecting ─► greeting? ─► logging_in ─► up ─► draining ─► leaving ─► closed
//                                               └─ the carrier's good-bye, its or our fault ─┘
//
// Two coroutines: talk() connects, logs in and reads; watch() keeps all time limits with one timer.
// Writing is a chain of handlers. All on the host's executor. `greeting`: the carrier has dialled
// us, and it is its turn to speak.
//
// Of a protocol one derives from this class and says
//
//     how its packets are written   append_login, append_submit, append_test, append_goodbye(_answer),
//                                   append_cancel, append_query; into `out`, whole packets
//     what came                     take(packet), once for each. It decodes, answers by appending to
//                                   reply(), and tells the base by the calls under "what came" below
//     why a unit cannot leave       append_submit returns it (and appends nothing): the unit is rejected
//
// and the base does the rest: limits, window, one write for all that is ready, verdicts for what is
// unanswered, acknowledging only what is stored, waiting when the host or the carrier is slow.
// A whole example: plugins/cmpp/adapter/session.hpp. link.hpp keeps sessions, links.hpp all of an
// account.
#pragma once

#include "sdk/adapter.hpp"
#include "sdk/link/arrivals.hpp"
#include "sdk/link/framer.hpp"
#include "sdk/link/outgoing.hpp"
#include "sdk/link/pending.hpp"
#include "sdk/link/protocol.hpp"
#include "sdk/link/verdicts.hpp"

#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/steady_timer.hpp>

#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <utility>
#include <vector>

namespace posthorn::sdk {

class session : public std::enable_shared_from_this<session> {
public:
    using clock = std::chrono::steady_clock;

    enum class refusal : std::uint8_t {
        none,
        passing,      // tried again like a lost connection
        by_our_name,  // name, password and the like: only a person can help
        already_there // the carrier still sees an old session of ours
    };
    // How a session ended.
    struct ending {
        std::string why; // in a person's words
        refusal refused = refusal::none;
        std::string code;         // of the refusal, in the carrier's words
        clock::duration up_for{}; // 0: never was
        bool idle = false;        // a link that nothing was to be done over, and that has no test
    };
    // Called with true when units may come, with false and the reason when no more may.
    using open_handler = std::function<void(bool open, const std::string& why)>;

    // How it begins.
    struct beginning {
        open_handler opened;
        // We dial: which of the host's addresses comes first, counted round and round.
        unsigned attempt = 0;
        // In the place of one that ended for want of work: nobody needs to hear of it.
        bool anew = false;
        // The carrier has dialled us.
        std::optional<boost::asio::ip::tcp::socket> from_carrier = {};
    };

    session(link_account& account, beginning how);
    virtual ~session() = default;
    session(const session&) = delete;
    session& operator=(const session&) = delete;

    // Every unit submitted has its verdict when it returns.
    boost::asio::awaitable<ending> run();

    void submit(std::span<const unit> units);
    // How many more units it takes now.
    unsigned room() const { return state_ == state::up ? pending_.room() : 0; }

    // A person's questions. They use no slot; each has its answer at the latest when run() ends.
    void cancel(const accepted_part& which, std::function<void(cancellation)> done);
    void query(const accepted_part& which, std::function<void(inquiry)> done);
    void probe(std::function<void(finding)> done);

    // Takes no more units, waits for the answers, says good-bye, closes. Harmless when repeated.
    void stop(const std::string& why);

protected:
    enum class state : std::uint8_t {
        connecting,
        greeting,
        logging_in,
        up,
        draining,
        leaving,
        closed
    };

    // ---- what a protocol writes

    // May close() when it cannot.
    virtual void append_login(std::string& out, sequence_number sequence) = 0;
    // Appends the unit; or nothing, and says why it never can.
    virtual std::string append_submit(std::string& out, sequence_number sequence, const unit& u,
                                      instant now) = 0;
    // Not called when protocol_words has no test.
    virtual void append_test(std::string& out, sequence_number sequence) = 0;
    virtual void append_goodbye(std::string& out, sequence_number sequence) = 0;
    virtual void append_goodbye_answer(std::string& out, sequence_number sequence) = 0;
    // Appends the question; or nothing, and says why it cannot be asked.
    virtual std::string append_cancel(std::string& out, sequence_number sequence,
                                      const accepted_part& which);
    virtual std::string append_query(std::string& out, sequence_number sequence,
                                     const accepted_part& which);
    // By default 1, 2 … 0x7FFFFFFF and again.
    virtual sequence_number after(sequence_number last) const;
    // The verdict on the unit is `uncertain`, which whatever comes may put right.
    virtual void unit_doubted(const pending_table::entry& unit);
    // To remember with the unit, until its answer.
    virtual std::uint64_t note_of(const unit& u) const;

    // ---- what came

    // One whole packet. Its octets live until this returns.
    virtual void take(std::string_view packet) = 0;
    // There is no next packet to be found in the stream. By default: closes.
    virtual void take_broken_stream(const framer& of);

    std::string& reply() { return out_.tail(); } // leaves when the read has been worked through
    // The login is answered well, or the carrier that dialled us may speak. `about`: for the log, what
    // one may want to know of this link: `as=transceiver peer="SMSC"`.
    void logged_in(const std::string& about);
    void login_refused(refusal why, std::string code);
    bool is_login(sequence_number s) const { return state_ == state::logging_in && s == login_; }

    struct answered {
        pending_table::entry unit;
        bool late = false; // it was reported uncertain: so must a verdict for it say
    };
    // The unit that this answers; nothing, and a line in the log, when nobody asked.
    std::optional<answered> take_unit(sequence_number sequence);
    void give(verdict v);
    // For a unit that the carrier accepted or refused: the same, marked late where it is.
    void give(const answered& to, verdict v) {
        v.late = to.late;
        give(std::move(v));
    }
    // Receipts and texts: add them and their acknowledgements here.
    arrivals arrivals_;

    void cancelled(sequence_number sequence, cancellation answer);
    void told(sequence_number sequence, inquiry answer);
    // Whether a question was refused as not understood.
    bool question_refused(sequence_number sequence, const std::string& why);
    void test_answered(sequence_number sequence);
    // The carrier's good-bye: answered when what is under way has its answers, or it would never hear
    // of them.
    void take_goodbye(sequence_number sequence);
    void goodbye_answered(sequence_number sequence);

    // ---- ends

    void drain(const std::string& why);   // a new session shall begin, when all is answered
    void hang_up(const std::string& why); // after what is written has left
    void close(const std::string& why);   // now
    void be_deaf() { deaf_ = true; }      // ignore what still comes
    bool hanging_up() const { return hanging_up_; }

    // ---- what few protocols have

    // After the connection, before the login: encryption.
    virtual boost::asio::awaitable<void> secure(const boost::asio::ip::address& reached);
    using transferred = std::pair<boost::system::error_code, std::size_t>;
    virtual boost::asio::awaitable<transferred> read_some(boost::asio::mutable_buffer into);
    using written_handler = std::function<void(const boost::system::error_code&, std::size_t)>;
    virtual void write_some(boost::asio::const_buffer octets, written_handler done);
    virtual bool ends_stream(const boost::system::error_code& error) const; // in good order
    // Why this link takes no units at all, though it is up; empty: it does.
    virtual std::string_view unwilling() const { return {}; }
    // Receipts on their way to the host.
    virtual void receipts_came(std::span<const receipt> all);
    // For probe(): what is known of the link, before the times of answers.
    virtual void about_link(finding& f) const;
    // Whether receipts come over this link.
    virtual bool receives() const { return true; }

    void begin_to_log_in();

    state now_in() const { return state_; }
    clock::time_point now() const { return now_; } // when the current piece of work began
    clock::time_point up_since() const { return up_at_; }
    const outgoing& out() const { return out_; }
    boost::asio::ip::tcp::socket& socket() { return socket_; }

    sdk::host& host_;

private:
    // With more arrivals not yet stored, or octets not yet taken by the carrier, nothing is read.
    static constexpr std::size_t most_unstored = 20'000, most_unwritten = 1024 * 1024;
    static constexpr clock::duration write_limit = std::chrono::seconds(30); // without progress

    // session.cpp: its life
    boost::asio::awaitable<void> talk();
    boost::asio::awaitable<void> dial();
    boost::asio::awaitable<void> until_room();
    void lost(const boost::system::error_code& error);
    void enter(state next, clock::duration limit);
    void say_goodbye();
    void note_idle();
    void close_opened(const std::string& why);
    void settle();
    bool all_answered() const { return pending_.empty() && arrivals_.empty() && unstored_ == 0; }
    bool overfull() const { return unstored_ >= most_unstored || out_.waiting() >= most_unwritten; }

    // session_watch.cpp: its limits
    boost::asio::awaitable<void> watch();
    std::string too_long() const;
    void take_overdue(clock::time_point now);
    void doubt(const pending_table::entry& unit, std::string_view why);
    clock::time_point next_look() const;
    clock::time_point next_test() const;
    clock::time_point next_rest() const;
    void look_at_clock(clock::time_point now);
    void look_at_link(clock::time_point now);
    void look_for_receipts(clock::time_point now);
    void wake_by(clock::time_point t);

    // session_work.cpp: what leaves and what comes
    void keep_to_its_end(const unit& u);
    bool place(const unit& u, instant now);
    sequence_number next_sequence();
    void flush();
    void wrote(const boost::system::error_code& error, std::size_t octets);
    void stored(const std::string& acknowledgements, std::size_t count);
    void give_verdicts();
    void take_all(std::size_t octets);
    void hand_over_arrivals();
    std::function<void()> acknowledge(std::string& octets, std::size_t count);

    // session_ask.cpp
    struct question {
        clock::time_point deadline{};
        std::function<void(cancellation)> cancelled = {}; // of the three one is set
        std::function<void(inquiry)> told = {};
        std::function<void(finding)> found = {};
        void end(bool certain, std::string why) const;
    };
    bool may_ask(std::string& why) const;
    template <class Append>
    void ask(question q, Append append);
    finding found_out(std::optional<clock::duration> answered_in);
    void forget_questions(clock::time_point due, std::string_view why);
    clock::time_point next_question() const;

    const link_settings& settings_;
    const protocol_words& words_;
    receipt_watch& watch_;
    open_handler opened_;
    unsigned attempt_ = 0;
    bool anew_ = false;

    boost::asio::ip::tcp::socket socket_;
    boost::asio::steady_timer timer_;
    boost::asio::steady_timer room_; // woken when there may be room to read again
    framer framer_;
    outgoing out_;
    pending_table pending_;
    std::map<sequence_number, pending_table::entry> overdue_; // uncertain by now
    std::map<sequence_number, question> questions_;
    std::vector<verdict> verdicts_;

    state state_ = state::connecting;
    clock::time_point now_{};
    clock::time_point limit_{};  // of the current state
    clock::time_point heard_{};  // last octets from the carrier, or last test
    clock::time_point begun_{};  // of the packet that is incomplete
    clock::time_point pushed_{}; // last progress of the write under way
    clock::time_point up_at_{};  // until the login is answered: when it was asked for
    clock::duration login_took_{};
    unsigned unanswered_tests_ = 0;
    unsigned overdue_in_a_row_ = 0;
    std::size_t unstored_ = 0; // arrivals handed to the host and not yet stored
    sequence_number last_;
    sequence_number login_, goodbye_;
    std::optional<sequence_number> goodbye_asked_; // by the carrier; answered when all else is
    bool was_up_ = false;
    bool open_ = false;       // what opened_ was told
    bool partial_ = false;    // begun_ is set
    bool writing_ = false;    // a write is under way
    bool corked_ = false;     // answers gather until the read has been worked through
    bool hanging_up_ = false; // close when all is written
    bool deaf_ = false;       // ignore what still comes
    bool full_ = false;       // no room: nothing is read
    bool dialled_ = true;     // by us
    bool texts_came_ = false; // and were handed over
    ending ending_;
};

} // namespace posthorn::sdk
