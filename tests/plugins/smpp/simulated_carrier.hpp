// A simulator on its own thread and a blocking client of it, over loopback TCP.
#pragma once

#include "smpp/codec/framer.hpp"
#include "smpp/codec/pdu.hpp"
#include "smpp/codec/receipt.hpp"
#include "smpp/simulator/server.hpp"

#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <boost/json.hpp>

#include <cstdint>
#include <future>
#include <optional>
#include <stdexcept>
#include <string>
#include <thread>
#include <utility>

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

namespace smpp_test {

using namespace posthorn::smpp;

class simulated_carrier {
public:
    explicit simulated_carrier(simulator::options chosen = {}) : io_(1) {
        chosen.port = 0;
        server_.emplace(io_, std::move(chosen));
        port_ = server_->port();
        thread_ = std::thread([this] { io_.run(); });
    }
    ~simulated_carrier() { stop(); }
    simulated_carrier(const simulated_carrier&) = delete;
    simulated_carrier& operator=(const simulated_carrier&) = delete;

    std::uint16_t port() const { return port_; }

    void stop() {
        if (!thread_.joinable())
            return;
        boost::asio::post(io_, [this] { server_->stop(); });
        thread_.join();
    }
    std::string command(const std::string& line) {
        std::promise<std::string> answer;
        boost::asio::post(io_, [&] { answer.set_value(server_->command(line)); });
        return answer.get_future().get();
    }
    std::int64_t stat(const char* key) {
        return boost::json::parse(command("stats")).as_object().at(key).to_number<std::int64_t>();
    }
    /// Waits until a counter has come to `value`; false when it does not within ten seconds.
    bool comes_to(const char* key, std::int64_t value) {
        const auto deadline = std::chrono::steady_clock::now() + std::chrono::seconds(10);
        while (stat(key) != value)
            if (std::chrono::steady_clock::now() > deadline)
                return false;
        return true;
    }

private:
    boost::asio::io_context io_;
    std::optional<simulator::server> server_;
    std::uint16_t port_ = 0;
    std::thread thread_;
};

/// The PDU with the octets its views point into.
struct held_pdu {
    std::string octets;
    pdu p;

    status code() const { return p.head.status; }
    std::string message_id() const {
        return std::string(std::get<message_resp>(p.body).message_id);
    }
    const sm& text() const { return std::get<sm>(p.body); }
};

class client {
public:
    explicit client(std::uint16_t port) : socket_(::socket(AF_INET, SOCK_STREAM, 0)) {
        sockaddr_in where{};
        where.sin_family = AF_INET;
        where.sin_port = htons(port);
        where.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
        sockaddr generic{};
        static_assert(sizeof generic == sizeof where);
        std::memcpy(&generic, &where, sizeof where);
        const timeval patience{10, 0};
        ::setsockopt(socket_, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
        if (::connect(socket_, &generic, sizeof generic) != 0)
            throw std::runtime_error("cannot connect to the simulator");
    }
    ~client() { hang_up(); }
    client(const client&) = delete;
    client& operator=(const client&) = delete;

    void hang_up() {
        if (socket_ >= 0)
            ::close(std::exchange(socket_, -1));
    }

    void send(const std::string& octets) {
        if (::send(socket_, octets.data(), octets.size(), MSG_NOSIGNAL) !=
            static_cast<ssize_t>(octets.size()))
            throw std::runtime_error("cannot send");
    }

    /// The next PDU, or nothing when the peer has closed or reset the link.
    std::unique_ptr<held_pdu> next() {
        std::string_view whole;
        while (true) {
            const auto outcome = framer_.next(whole);
            if (outcome == framer::broken)
                throw std::runtime_error(framer_.problem());
            if (outcome == framer::pdu)
                break;
            const auto room = framer_.prepare();
            const auto got = ::recv(socket_, room.data(), room.size(), 0);
            if (got < 0 && (errno == EAGAIN || errno == EWOULDBLOCK))
                throw std::runtime_error("the simulator does not answer");
            if (got <= 0)
                return nullptr;
            framer_.commit(static_cast<std::size_t>(got));
        }
        auto held = std::make_unique<held_pdu>();
        held->octets = whole;
        if (decode(held->octets, held->p))
            throw std::runtime_error("the simulator sent what cannot be decoded");
        return held;
    }
    bool nothing_came() {
        char octet = 0;
        return ::recv(socket_, &octet, 1, MSG_DONTWAIT | MSG_PEEK) < 0 && errno == EAGAIN;
    }

    status bind_as(command id, const char* system_id = "esme01", const char* password = "secret",
                   std::uint8_t version = 0x34) {
        pdu request;
        request.head.id = id;
        request.head.sequence = ++sequence_;
        smpp_bind who;
        who.system_id = system_id;
        who.password = password;
        who.interface_version = version;
        request.body = who;
        std::string octets;
        encode(octets, request);
        send(octets);
        const auto answer = next();
        if (!answer || answer->p.head.id != response_to(id))
            throw std::runtime_error("no answer to the bind");
        if (const auto* fields = std::get_if<bind_resp>(&answer->p.body))
            announced_ = fields->tlvs.find_u8(tag::sc_interface_version);
        return answer->code();
    }

    /// sc_interface_version in the answer to the last bind.
    std::optional<std::uint8_t> announced() const { return announced_; }

    static std::string submit_octets(std::uint32_t sequence, std::string_view to,
                                     std::string_view text, std::uint8_t registered = 1) {
        sm body;
        body.source = {5, 0, "Posthorn"};
        body.destination = {1, 1, to};
        body.registered_delivery = registered;
        body.short_message = text;
        std::string octets;
        encode_sm(octets, command::submit_sm, sequence, body);
        return octets;
    }
    void submit(std::string_view to, std::string_view text, std::uint8_t registered = 1) {
        send(submit_octets(++sequence_, to, text, registered));
    }
    void answer(const held_pdu& delivered, status code = status::ok) {
        std::string octets;
        encode_message_resp(octets, command::deliver_sm_resp, code, delivered.p.head.sequence, "");
        send(octets);
    }
    /// A round trip: all sent before has been handled. Other PDUs on the way are an error.
    void sync() {
        std::string octets;
        encode_header(octets, command::enquire_link, status::ok, ++sequence_);
        send(octets);
        const auto answer = next();
        if (!answer || answer->p.head.id != command::enquire_link_resp)
            throw std::runtime_error("something else came before the enquire_link_resp");
    }

private:
    using smpp_bind = posthorn::smpp::bind;

    int socket_;
    framer framer_;
    std::uint32_t sequence_ = 0;
    std::optional<std::uint8_t> announced_;
};

} // namespace smpp_test
