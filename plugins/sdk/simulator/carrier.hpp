// What all links of a simulated carrier share: what becomes of a text, what waits to be delivered. No
// sockets here. Everything runs on the one thread of the io_context.
//
// A protocol derives one that names its texts and writes what comes from phones.
#pragma once

#include "sdk/result_class.hpp"
#include "sdk/simulator/counters.hpp"
#include "sdk/simulator/faults.hpp"
#include "sdk/simulator/journal.hpp"
#include "sdk/simulator/mailbox.hpp"
#include "sdk/simulator/options.hpp"
#include "sdk/simulator/outcomes.hpp"
#include "sdk/simulator/phone_text.hpp"
#include "sdk/simulator/seen.hpp"
#include "sdk/simulator/submitted.hpp"

#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>

#include <array>
#include <cstdint>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace posthorn::simulator {

/// What the carrier must know of its protocol.
struct protocol {
    std::span<const known_fault> faults;
    // Answers to a submit: faster than --rate, the fault refuse-window, more than --window.
    std::uint32_t throttled = 0, queue_full = 0, window_exceeded = 0;
    letters alphabet = letters::ascii; // data_coding 0
    bool binary_ids = true;
    bool paces_packets = false; // too fast is a packet as a whole, not one of its texts
};

/// One name to log in by, with all its links.
struct account {
    std::string name;
    mailbox box;
    std::int64_t credit = 0; // of --rate, in millionths of a submit
    std::int64_t credit_at_us = 0;
};

class carrier {
public:
    /// `chosen` has been checked by check(); throws std::invalid_argument when it has not.
    carrier(boost::asio::io_context& io, const options& chosen, const protocol& speaks);
    virtual ~carrier() = default;
    carrier(const carrier&) = delete;
    carrier& operator=(const carrier&) = delete;

    const options& settings() const { return options_; }
    const protocol& speaks() const { return protocol_; }
    simulator::faults& faults() { return faults_; }
    counters& counts() { return counters_; }
    journal& log() { return journal_; }

    /// Reads the clocks. A link does so once for each read, not for each packet.
    void tick();
    steady_clock::time_point now() const { return now_; }
    std::int64_t now_us() const { return now_us_; } // since 1970 UTC

    /// Who logs in by this name.
    account& open(std::string_view name);
    /// Texts from phones go to who last logged in to receive.
    void receiver_bound(account& who) { last_receiver_ = &who; }

    struct verdict {
        std::uint32_t status = 0;
        std::string_view id;       // lives until the next take()
        milliseconds hold_back{0}; // answer so much later
    };
    /// A text was submitted. `too_many`: its link has more unanswered than --window.
    verdict take(account& from, const submitted& text, std::uint32_t sequence, bool too_many);
    /// Several of one packet; `together`: all of them or none. Ids live until the next take_all().
    std::vector<verdict> take_all(account& from, std::span<const submitted* const> texts,
                                  bool too_many, bool together);

    /// Hands out what is due for an account.
    void pump(account& who);

    /// What has become of a text; nothing for one we do not know, or no longer.
    std::optional<outcome> state_of(const account& from, std::string_view id) const;

    void sent(const delivery& item, std::uint32_t sequence);
    enum class reception : std::uint8_t { taken, later, never };
    /// By what a client's answer means.
    static reception reception_of(sdk::result_class answer);
    /// Answered with `status`: gone, or due again in a second when the answer was "later".
    void answered(account& who, delivery item, std::uint32_t sequence, std::uint32_t status,
                  reception how);
    /// Its link went before the answer (which is only recorded here: see mailbox::put_back()).
    void lost(const delivery& item, std::uint32_t sequence);

    /// A text from a phone. Returns what is wrong, or "".
    std::string from_phone(std::string_view from, std::string_view to, bool header,
                           std::uint8_t data_coding, std::string_view octets);

    std::string stats_json() const;
    /// Lets the io_context run out of work.
    void stop();

protected:
    /// Sets `in_response` to a new id, and `in_receipt` to what the receipt shall call it.
    virtual void name_text(const submitted& text, std::string& in_response,
                           std::string& in_receipt) = 0;
    virtual delivery write_phone_text(std::string_view from, std::string_view to, bool header,
                                      std::uint8_t data_coding, std::string_view octets) = 0;

    /// The receipt of a text that is to be taken back: possible until it has left. What says so
    /// instead is then given to replace().
    std::optional<delivery> take_back(account& from, std::string_view id);
    void replace(account& of, delivery receipt);

private:
    std::uint32_t refuse(account& from, std::size_t texts, bool too_many);
    verdict take_as(account& from, const submitted& text, std::uint32_t sequence, const fate& to,
                    std::uint32_t status);
    bool spend_credit(account& from, std::size_t texts);
    void add_receipts(account& from, const submitted& text, const fate& to, milliseconds after);
    void add(account& to, delivery item, milliseconds after);
    void wake_at(steady_clock::time_point due);
    counters::deliveries& kind_of(const delivery& item);

    options options_;
    protocol protocol_;
    simulator::faults faults_;
    outcomes outcomes_;
    journal journal_;
    seen seen_;
    counters counters_;
    std::map<std::string, account, std::less<>> accounts_;
    account* last_receiver_ = nullptr;

    boost::asio::steady_timer timer_;
    std::optional<steady_clock::time_point> wake_; // when timer_ fires
    steady_clock::time_point now_, started_;
    std::int64_t now_us_ = 0;
    std::uint64_t deliveries_ = 0;
    struct told {             // a receipt that has left
        std::uint64_t id = 0; // its hash
        simulator::outcome outcome = simulator::outcome::unknown;
    };
    std::array<told, 4096> told_{}; // the last ones, round and round
    std::size_t next_told_ = 0;
    std::string response_id_, receipt_id_; // scratch
    std::vector<std::string> ids_;         // of take_all()
};

} // namespace posthorn::simulator
