// A scripted carrier on a loopback port, of any protocol whose packets begin with their length:
// collects what comes, sends what the test says.
#pragma once

#include "plugins/fake_host.hpp"
#include "sdk/link/framer.hpp"

#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/write.hpp>

#include <algorithm>
#include <deque>
#include <memory>
#include <string>
#include <utility>
#include <vector>

namespace posthorn::tests {

// Header: the protocol's, with a command `id`; `read` reads it.
template <class Header>
class fake_peer {
public:
    using header_reader = Header (*)(std::string_view octets);

    fake_peer(boost::asio::io_context& io, const sdk::framer::shape& frame, header_reader reader)
        : acceptor_(io, {boost::asio::ip::address_v4::loopback(), 0}), frame_(frame),
          read_header_(reader) {
        accept();
    }

    std::uint16_t port() const { return acceptor_.local_endpoint().port(); }

    struct received {
        Header head;
        std::string octets;
        unsigned read;        // the number of the read that completed it
        std::size_t link = 0; // which connection, counted from 0
    };
    using command = decltype(Header::id);
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
    bool has(command id) const { return count(id) > 0; }
    unsigned count(command id) const {
        return static_cast<unsigned>(std::count_if(
            pdus.begin(), pdus.end(), [&](const received& p) { return p.head.id == id; }));
    }
    // The oldest packet with this id, or none.
    received take(command id) {
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
    // A connection that we open: its number.
    std::size_t dial(std::uint16_t port) {
        const auto s = std::make_shared<tcp::socket>(acceptor_.get_executor());
        s->connect({boost::asio::ip::address_v4::loopback(), port});
        sockets_.push_back(s);
        read_on();
        return sockets_.size() - 1;
    }
    void read_on() { read(sockets_.size() - 1, std::make_shared<sdk::framer>(frame_)); }
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
                read_on();
            accept();
        });
    }
    void read(std::size_t link, std::shared_ptr<sdk::framer> framer) {
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
                while (framer->next(octets) == sdk::framer::pdu)
                    pdus.push_back({read_header_(octets), std::string(octets), reads, link});
                read(link, framer);
            });
    }

    tcp::acceptor acceptor_;
    sdk::framer::shape frame_;
    header_reader read_header_;
    std::vector<std::shared_ptr<tcp::socket>> sockets_;
    std::deque<std::string> later_;
};

// An adapter between a fake host and a scripted carrier.
template <class Peer>
struct account_fixture {
    account_fixture() : peer(host.io), options(fallbacks()) {
        text("host", "127.0.0.1");
        number("port", peer.port());
    }
    account_fixture(const account_fixture&) = delete;
    account_fixture& operator=(const account_fixture&) = delete;
    ~account_fixture() { peer.vanish(); } // else the adapter says good-bye and waits for the answer

    void text(const char* name, std::string value) { options.set(name, {std::move(value), 0}); }
    void number(const char* name, std::int64_t value) {
        options.set(name, {std::to_string(value), value});
    }
    void duration(const char* name, sdk::duration value) { options.set(name, {"", value.count()}); }
    void entries(const char* name, std::vector<std::pair<std::string, std::string>> all) {
        options.set(name, {.text = {}, .number = 0, .entries = std::move(all)});
    }

    void start() { adapter = std::make_unique<running_adapter>(host, options); }
    void submit(std::uint64_t first, std::size_t count = 1) {
        std::vector<sdk::unit> units(count);
        for (std::size_t i = 0; i < count; ++i) {
            units[i].handle = first + i;
            units[i].recipient = "8613800138000";
            units[i].octets = "hello";
            units[i].validity = std::chrono::hours(1);
        }
        (*adapter)->submit(units);
    }
    void until_given(std::size_t count) {
        host.until([&] { return host.given.size() >= count; });
    }
    void until_came(typename Peer::command id, std::size_t count = 1) {
        host.until([&] { return peer.count(id) >= count; });
    }

    fake_host host;
    Peer peer;
    sdk::options options;
    std::unique_ptr<running_adapter> adapter; // ends first
};

} // namespace posthorn::tests
