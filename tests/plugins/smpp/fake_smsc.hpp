// A scripted carrier on a loopback port: collects the PDUs that come, sends what the test says.
#pragma once

#include "smpp/codec/framer.hpp"
#include "smpp/codec/pdu.hpp"

#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/write.hpp>

#include <deque>
#include <memory>
#include <string>
#include <vector>

namespace posthorn::tests {

class fake_smsc {
public:
    explicit fake_smsc(boost::asio::io_context& io)
        : acceptor_(io, {boost::asio::ip::address_v4::loopback(), 0}) {
        accept();
    }

    std::uint16_t port() const { return acceptor_.local_endpoint().port(); }

    struct received {
        smpp::header head;
        std::string octets;
        unsigned read; // the number of the read that completed it
    };
    // Everything since the test last looked; `take` removes the first.
    std::deque<received> pdus;
    unsigned connections = 0, closings = 0, reads = 0;
    bool reading = true; // false before a connection: its octets are left in the socket

    received take() {
        auto first = std::move(pdus.front());
        pdus.pop_front();
        return first;
    }
    // The oldest PDU with this id, or none.
    bool has(smpp::command id) const { return count(id) > 0; }
    unsigned count(smpp::command id) const {
        unsigned n = 0;
        for (const auto& p : pdus)
            n += p.head.id == id ? 1 : 0;
        return n;
    }
    received take(smpp::command id) {
        for (auto p = pdus.begin(); p != pdus.end(); ++p)
            if (p->head.id == id) {
                auto found = std::move(*p);
                pdus.erase(p);
                return found;
            }
        return {};
    }

    void send(std::string_view octets) { // small: fits the socket's buffer
        boost::system::error_code ignored;
        boost::asio::write(*socket_, boost::asio::buffer(octets.data(), octets.size()), ignored);
    }
    void send(smpp::command id, smpp::status code, std::uint32_t sequence) {
        std::string out;
        smpp::encode_header(out, id, code, sequence);
        send(out);
    }
    void send_resp(smpp::command id, smpp::status code, std::uint32_t sequence,
                   std::string_view message_id) {
        std::string out;
        smpp::encode_message_resp(out, id, code, sequence, message_id);
        send(out);
    }
    // `version` 0: none is told, as SMPP 3.3 does.
    void accept_bind(std::uint32_t sequence, std::uint8_t version = 0x34) {
        std::string tlvs, out;
        if (version != 0)
            smpp::append_tlv_u8(tlvs, smpp::tag::sc_interface_version, version);
        smpp::pdu p;
        p.head = {16, smpp::command::bind_transceiver_resp, smpp::status::ok, sequence};
        p.body = smpp::bind_resp{"SMSC", {tlvs}};
        smpp::encode(out, p);
        send(out);
    }
    void reset() { // RST
        socket_->set_option(boost::asio::socket_base::linger(true, 0));
        socket_->close();
    }
    void close() { socket_->close(); }
    // The port too, so that nobody waits for us any more.
    void vanish() {
        acceptor_.close();
        if (socket_)
            socket_->close();
    }

private:
    using tcp = boost::asio::ip::tcp;

    void accept() {
        acceptor_.async_accept([this](const boost::system::error_code& error, tcp::socket s) {
            if (error)
                return;
            ++connections;
            socket_ = std::make_shared<tcp::socket>(std::move(s));
            framer_ = std::make_shared<smpp::framer>();
            if (reading)
                read(socket_, framer_);
            accept();
        });
    }
    void read(std::shared_ptr<tcp::socket> socket, std::shared_ptr<smpp::framer> framer) {
        const auto room = framer->prepare();
        socket->async_read_some(
            boost::asio::buffer(room.data(), room.size()),
            [this, socket, framer](const boost::system::error_code& error, std::size_t n) {
                if (error) {
                    ++closings;
                    boost::system::error_code ignored;
                    socket->close(ignored);
                    return;
                }
                ++reads;
                framer->commit(n);
                std::string_view octets;
                while (framer->next(octets) == smpp::framer::pdu)
                    pdus.push_back({smpp::read_header(octets), std::string(octets), reads});
                read(socket, framer);
            });
    }

    tcp::acceptor acceptor_;
    std::shared_ptr<tcp::socket> socket_;
    std::shared_ptr<smpp::framer> framer_;
};

} // namespace posthorn::tests
