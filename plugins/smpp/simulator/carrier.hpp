// What all links of the simulated carrier share: who may bind, what becomes of a text, what waits
// to be delivered. No sockets here. Everything runs on the one thread of the io_context.
#pragma once

#include "smpp/codec/pdu.hpp"
#include "smpp/simulator/counters.hpp"
#include "smpp/simulator/faults.hpp"
#include "smpp/simulator/journal.hpp"
#include "smpp/simulator/message_ids.hpp"
#include "smpp/simulator/options.hpp"
#include "smpp/simulator/outcomes.hpp"
#include "smpp/simulator/receipts.hpp"
#include "smpp/simulator/seen.hpp"

#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>

#include <array>
#include <cstdint>
#include <map>
#include <string>
#include <string_view>

namespace posthorn::smpp::simulator {

/// Times as receipts write them, YYMMDDhhmm in UTC. Hardly ever more than one a minute is new.
class minute_text {
public:
    std::string_view of(std::int64_t utc_us);

private:
    std::int64_t minute_ = -1;
    std::string text_;
};

/// One system_id.
struct account {
    std::string system_id;
    mailbox box;
    std::int64_t credit = 0; // of --rate, in millionths of a submit
    std::int64_t credit_at_us = 0;
};

class carrier {
public:
    carrier(boost::asio::io_context& io, options chosen);

    const options& settings() const { return options_; }
    simulator::faults& faults() { return faults_; }
    simulator::outcomes& rules() { return outcomes_; }
    counters& counts() { return counters_; }
    journal& log() { return journal_; }

    /// Reads the clocks. A link does so once for each read, not for each PDU.
    void tick();
    steady_clock::time_point now() const { return now_; }

    /// The account a bind opens, or null with the status to refuse it by.
    account* admit(const bind& who, smpp::status& refusal);
    /// Texts from phones go to who last bound to receive.
    void receiver_bound(account& who) { last_receiver_ = &who; }

    struct verdict {
        smpp::status status = smpp::status::ok;
        std::string_view id;       // lives until the next take()
        milliseconds hold_back{0}; // answer so much later
    };
    /// A text was submitted. `too_many`: its link has more unanswered than --window.
    verdict take(account& from, const sm& text, std::uint32_t sequence, bool too_many);

    /// Hands out what is due for an account.
    void pump(account& who);

    /// A text is to be taken back: possible until its receipt has left, which then says DELETED.
    smpp::status cancel(account& from, std::string_view id);
    /// What has become of a text; nothing for one we do not know, or no longer.
    std::optional<message_state> state_of(const account& from, std::string_view id) const;

    void sent(const delivery& item, std::uint32_t sequence);
    /// Answered: gone, or due again in a second when the answer was "later".
    void answered(account& who, delivery item, std::uint32_t sequence, smpp::status status);
    /// Its link went before the answer (which is only recorded here: see mailbox::put_back()).
    void lost(const delivery& item, std::uint32_t sequence);

    /// A text from a phone. Returns what is wrong, or "".
    std::string from_phone(std::string_view from, std::string_view to, std::uint8_t esm_class,
                           std::uint8_t data_coding, std::string_view octets);

    std::string stats_json() const;
    /// Lets the io_context run out of work.
    void stop();

private:
    smpp::status refuse(account& from, const fate& to, bool too_many);
    bool spend_credit(account& from);
    void add_receipts(account& from, const sm& text, const fate& to, milliseconds extra);
    delivery receipt_for(const sm& text, std::string_view id, const fate& to, std::int64_t done_us);
    delivery make_receipt(const sm& text, const fate& to, milliseconds after);
    void add(account& to, delivery item, milliseconds after);
    void wake_at(steady_clock::time_point due);
    counters::deliveries& kind_of(const delivery& item);

    options options_;
    simulator::faults faults_;
    simulator::outcomes outcomes_;
    message_ids ids_;
    journal journal_;
    seen seen_;
    counters counters_;
    std::map<std::string, account, std::less<>> accounts_;
    account* last_receiver_ = nullptr;

    boost::asio::steady_timer timer_;
    std::optional<steady_clock::time_point> wake_; // when timer_ fires
    steady_clock::time_point now_, started_;
    std::int64_t now_us_ = 0; // since 1970 UTC
    std::uint64_t deliveries_ = 0;
    struct told {             // a receipt that has left
        std::uint64_t id = 0; // its hash
        message_state state = message_state::unknown;
    };
    std::array<told, 4096> told_{}; // the last ones, round and round
    std::size_t next_told_ = 0;
    minute_text submitted_, done_;
    std::string response_id_, receipt_id_, text_, tlvs_; // scratch
};

} // namespace posthorn::smpp::simulator
