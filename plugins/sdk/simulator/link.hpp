// One link of a simulated carrier: octets in, octets out, and the book of what is unanswered. A protocol
// derives its session from it.
//
// Reads in large pieces, handles every whole packet of a piece, writes all answers at once.
#pragma once

#include "sdk/link/framer.hpp"
#include "sdk/simulator/carrier.hpp"

#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/ssl/context.hpp>
#include <boost/asio/ssl/stream.hpp>
#include <boost/asio/steady_timer.hpp>

#include <deque>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace posthorn::simulator {

class link : public receiver, public std::enable_shared_from_this<link> {
public:
    using gone_handler = std::function<void(const std::shared_ptr<link>&)>;

    /// `gone` is called once, when the link is closed. `tls`: null for octets in the clear.
    link(boost::asio::ip::tcp::socket socket, boost::asio::ssl::context* tls, carrier& shared,
         const sdk::framer::shape& packets, gone_handler gone);
    virtual ~link() = default;
    link(const link&) = delete;
    link& operator=(const link&) = delete;

    void start();
    /// Resets the connection at once. What it had not answered goes back to the mailbox.
    void reset();

    bool has_room() const override;
    void deliver(delivery item) override;
    void flush() override;

protected:
    // What the protocol does. Octets are appended to out().

    virtual void on_packet(std::string_view octets) = 0;
    /// The stream cannot be cut into packets any more; the link is closed then. `nack`: the client
    /// speaks the protocol well enough to be told.
    virtual void on_broken_stream(bool /*nack*/) {}
    /// The answer to the text in hand.
    virtual void write_response(const carrier::verdict& answer, bool wrong_sequence) = 0;
    /// The answer to the texts in hand, one verdict for each.
    virtual void write_responses(std::span<const carrier::verdict> /*answers*/) {}
    /// The delivery under this number, which its answer will repeat.
    virtual void write_delivery(delivery& item, std::uint32_t sequence) = 0;
    /// It is time again to ask whether the client is there, under a number no delivery gets.
    virtual void write_test() {}
    /// The link stands; who dialled it itself logs in now.
    virtual void greet() {}
    /// The fault receipts-stop struck.
    virtual void stop_deliveries() { holds_deliveries_ = true; }

    // What the protocol may call.

    std::string& out() { return out_; }
    account* who() const { return account_; }
    /// Logged in. `receives`: receipts and texts from phones go over it.
    void open(account& who, bool receives);
    /// A text came: asks the carrier, and answers unless a fault has it otherwise.
    void take_text(const submitted& text, std::uint32_t sequence);
    /// The same of one packet with any number of them: one answer, and each fault strikes once.
    /// `together`: all of them are taken, or none.
    void take_texts(std::span<const submitted* const> texts, bool together);
    /// A delivery was answered; nothing happens when it is none of ours, or was before.
    void delivered(std::uint32_t sequence, std::uint32_t status, carrier::reception how);
    void count_broken() { ++carrier_.counts().broken; }
    /// Of a packet in out(): counted for `stats`.
    void count_packet() { ++carrier_.counts().pdus_out; }
    void close_when_written(bool by_reset);
    bool closing() const { return closed_ || closing_; }

    /// Sequence numbers of deliveries start again from 1 once they come here and all are answered.
    static constexpr std::uint32_t last_delivery = 0x70000000;
    static constexpr std::uint32_t test_sequence = 0x7FFFFFFF;

private:
    using error_code = boost::system::error_code;
    using tls_stream = boost::asio::ssl::stream<boost::asio::ip::tcp::socket&>;

    void begin();
    void read_some(std::size_t most);
    void read_more();
    void read_after_pause();
    void on_read(error_code error, std::size_t octets);
    void take_packets();
    void write_next();
    void on_written(error_code error, std::size_t octets);
    bool hears();
    bool too_many() const;
    bool answers();
    void responded(std::uint32_t status, milliseconds hold_back, std::size_t begin);
    void hold_response(milliseconds delay, std::string_view octets);
    void release_held();
    void keep_alive();
    void close(bool by_reset);
    void give_back();

    boost::asio::ip::tcp::socket socket_;
    std::unique_ptr<tls_stream> tls_; // over socket_, where the octets are encrypted
    carrier& carrier_;
    gone_handler gone_;
    sdk::framer framer_;
    account* account_ = nullptr;
    bool receives_ = false;

    std::string out_, wire_;     // gathered; being written
    std::size_t written_ = 0;    // of wire_
    unsigned out_responses_ = 0; // submit responses in out_
    unsigned unanswered_ = 0;    // submits whose response is not being written yet
    bool reading_ = false, writing_ = false, splitting_ = false;
    bool mute_ = false; // half-open: hears nothing, says nothing
    bool holds_deliveries_ = false;
    bool closed_ = false, closing_ = false, closing_by_reset_ = false;

    struct held {
        steady_clock::time_point due;
        std::string octets;
        unsigned responses;
    };
    std::deque<held> held_; // responses that wait for their time
    boost::asio::steady_timer held_timer_, pause_timer_, idle_timer_;

    std::deque<std::optional<delivery>> delivered_; // unanswered, from sequence first_sequence_
    std::uint32_t first_sequence_ = 1;
    unsigned delivered_open_ = 0;
};

} // namespace posthorn::simulator
