// One link of the simulated carrier: octets in, octets out, and the SMPP session between.
//
// Reads in large pieces, handles every whole PDU of a piece, writes all answers at once.
#pragma once

#include "smpp/codec/framer.hpp"
#include "smpp/codec/pdu.hpp"
#include "smpp/simulator/carrier.hpp"
#include "smpp/simulator/receipts.hpp"

#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/ssl/context.hpp>
#include <boost/asio/ssl/stream.hpp>
#include <boost/asio/steady_timer.hpp>

#include <deque>
#include <functional>
#include <memory>
#include <optional>
#include <string>

namespace posthorn::smpp::simulator {

class session final : public receiver, public std::enable_shared_from_this<session> {
public:
    using gone_handler = std::function<void(const std::shared_ptr<session>&)>;

    /// `gone` is called once, when the link is closed. `tls`: null for octets in the clear.
    session(boost::asio::ip::tcp::socket socket, boost::asio::ssl::context* tls, carrier& shared,
            gone_handler gone);

    void start();
    /// Resets the connection at once. What it had not answered goes back to the mailbox.
    void reset();

    bool has_room() const override;
    void deliver(delivery item) override;
    void flush() override;

private:
    enum class role : std::uint8_t { unbound, transmitter, receiver, transceiver };
    using error_code = boost::system::error_code;

    // session.cpp: octets
    void begin();
    void read_some(std::size_t most);
    void read_more();
    void on_read(error_code error, std::size_t octets);
    void read_after_pause();
    void write_next();
    void on_written(error_code error, std::size_t octets);
    void hold_response(milliseconds delay, std::string_view octets);
    void release_held();
    void keep_alive();
    void close_when_written(bool by_reset);
    void close(bool by_reset);

    // session_pdus.cpp: PDUs
    void take_pdus();
    void on_pdu(std::string_view octets);
    void on_request(const pdu& p);
    void on_bind(const pdu& p, const bind& who);
    void on_submit(const pdu& p, const sm& text);
    void on_cancel(const pdu& p, const cancel_sm& which);
    void on_query(const pdu& p, const query_sm& which);
    void on_data(const pdu& p, const data_sm& data);
    void respond(const pdu& p, const carrier::verdict& answer);
    void on_deliver_resp(const header& head);
    void refuse(const header& head, smpp::status code);
    bool may_submit() const;
    bool may_receive() const;

    using tls_stream = boost::asio::ssl::stream<boost::asio::ip::tcp::socket&>;

    boost::asio::ip::tcp::socket socket_;
    std::unique_ptr<tls_stream> tls_; // over socket_, where the octets are encrypted
    carrier& carrier_;
    gone_handler gone_;
    framer framer_;
    pdu pdu_; // of the PDU in hand
    account* account_ = nullptr;
    role role_ = role::unbound;

    std::string out_, wire_;     // gathered; being written
    std::size_t written_ = 0;    // of wire_
    unsigned out_responses_ = 0; // submit responses in out_
    unsigned unanswered_ = 0;    // submits whose response is not being written yet
    bool reading_ = false, writing_ = false, splitting_ = false;
    bool tlvs_ = false; // the peer understands them: it bound with 3.4 or later
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

} // namespace posthorn::smpp::simulator
