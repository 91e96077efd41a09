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
        unsigned read;        // the number of the read that completed it
        std::size_t link = 0; // which connection, counted from 0
    };
    // Everything since the test last looked; `take` removes the first.
    std::deque<received> pdus;
    unsigned connections = 0, closings = 0, reads = 0;
    std::size_t talk_to = SIZE_MAX; // the connection to send on; SIZE_MAX: the newest
    bool reading = true;            // false before a connection: its octets are left in the socket

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
        boost::asio::write(*socket(), boost::asio::buffer(octets.data(), octets.size()), ignored);
    }
    // Any size: as the other side takes it, behind what was sent later before.
    std::size_t sent_later = 0; // octets
    void send_later(std::string octets) {
        later_.push_back(std::move(octets));
        if (later_.size() == 1)
            push();
    }
    void read_on() { read(sockets_.size() - 1, std::make_shared<smpp::framer>()); }
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
    void accept_bind(std::uint32_t sequence, std::uint8_t version = 0x34,
                     smpp::command id = smpp::command::bind_transceiver) {
        std::string tlvs, out;
        if (version != 0)
            smpp::append_tlv_u8(tlvs, smpp::tag::sc_interface_version, version);
        smpp::pdu p;
        p.head = {16, smpp::response_to(id), smpp::status::ok, sequence};
        p.body = smpp::bind_resp{"SMSC", {tlvs}};
        smpp::encode(out, p);
        send(out);
    }
    void reset() { // RST
        socket()->set_option(boost::asio::socket_base::linger(true, 0));
        socket()->close();
    }
    void close() { socket()->close(); }
    // The port too, so that nobody waits for us any more.
    void vanish() {
        acceptor_.close();
        for (const auto& s : sockets_)
            s->close();
    }

private:
    using tcp = boost::asio::ip::tcp;

    std::shared_ptr<tcp::socket> socket() {
        return talk_to < sockets_.size() ? sockets_[talk_to] : sockets_.back();
    }
    void push() {
        const auto& next = later_.front();
        boost::asio::async_write(*sockets_.back(), boost::asio::buffer(next),
                                 [this](const boost::system::error_code& error, std::size_t n) {
                                     sent_later += n;
                                     later_.pop_front();
                                     if (!error && !later_.empty())
                                         push();
                                 });
    }
    void accept() {
        acceptor_.async_accept([this](const boost::system::error_code& error, tcp::socket s) {
            if (error)
                return;
            ++connections;
            sockets_.push_back(std::make_shared<tcp::socket>(std::move(s)));
            if (reading)
                read(sockets_.size() - 1, std::make_shared<smpp::framer>());
            accept();
        });
    }
    void read(std::size_t link, std::shared_ptr<smpp::framer> framer) {
        const auto from = sockets_[link];
        const auto room = framer->prepare();
        from->async_read_some(
            boost::asio::buffer(room.data(), room.size()),
            [this, from, link, framer](const boost::system::error_code& error, std::size_t n) {
                if (error) {
                    ++closings;
                    boost::system::error_code ignored;
                    from->close(ignored);
                    return;
                }
                ++reads;
                framer->commit(n);
                std::string_view octets;
                while (framer->next(octets) == smpp::framer::pdu)
                    pdus.push_back({smpp::read_header(octets), std::string(octets), reads, link});
                read(link, framer);
            });
    }

    tcp::acceptor acceptor_;
    std::vector<std::shared_ptr<tcp::socket>> sockets_;
    std::deque<std::string> later_;
};

} // namespace posthorn::tests
