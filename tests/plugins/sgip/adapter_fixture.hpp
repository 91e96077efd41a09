// The SGIP adapter between a fake host and a scripted gateway, which dials it too.
#pragma once

#include "plugins/fake_peer.hpp"
#include "sgip/codec/pdu.hpp"
#include "sgip/codec/results.hpp"

#include <string>

namespace posthorn::tests {

using sgip::command;
using kind = sdk::verdict::kind;
using namespace std::chrono_literals;
using namespace std::string_literals;
using namespace std::string_view_literals;

class fake_smg : public fake_peer<sgip::header> {
public:
    explicit fake_smg(boost::asio::io_context& io)
        : fake_peer(io, sgip::frame,
                    [](std::string_view octets) { return sgip::read_header(octets); }) {}

    using fake_peer::send;
    void send(command id, const sgip::sequence& number, const sgip::body& body = sgip::no_body{}) {
        std::string out;
        sgip::encode(out, {.head = {.id = id, .sequence = number}, .body = body});
        send(out);
    }
    // A request of ours, with a number of its own.
    sgip::sequence ask(command id, const sgip::body& body = sgip::no_body{}) {
        const sgip::sequence number{100101, 1220080000, ++asked_};
        send(id, number, body);
        return number;
    }
    // What came; the views are into `octets_`.
    template <class Body>
    const Body& read(received packet) {
        octets_ = std::move(packet.octets);
        REQUIRE(!sgip::decode(octets_, pdu_));
        return std::get<Body>(pdu_.body);
    }

private:
    std::string octets_;
    sgip::pdu pdu_;
    std::uint32_t asked_ = 0;
};

struct sgip_fixture : account_fixture<fake_smg> {
    sgip_fixture() {
        text("login_name", "sp901234");
        text("login_password", "secret");
        number("node_id", 3010012345);
        text("corp_id", "12345");
        text("sender", "10690000");
        text("service_type", "SVC01");
        text("listen_address", "127.0.0.1");
        number("listen_port", 0);
        text("listen_name", "smg");
        text("listen_password", "smgsecret");
    }

    // The answer to the BIND that came.
    void answer_bind(std::uint8_t result) {
        until_came(command::bind);
        const auto asked = peer.take(command::bind);
        peer.talk_to = asked.link;
        peer.send(command::bind_resp, asked.head.sequence, sgip::answer{.result = result});
    }
    // Until the adapter announces slots.
    void bind() {
        if (!adapter)
            start();
        answer_bind(0);
        host.until([&] { return host.open_slots > 0; });
    }
    // A new connection to the adapter; nothing is said over it yet.
    void dial() {
        host.until([&] { return host.logged("listening"); });
        std::uint16_t port = 0;
        for (const auto& line : host.logs)
            if (const auto at = line.text.find(" port="); line.text.starts_with("listening"))
                port = static_cast<std::uint16_t>(std::stoi(line.text.substr(at + 6)));
        peer.talk_to = peer.dial(port);
    }
    std::uint8_t log_in(std::string_view name, std::string_view password,
                        sgip::login_type type = sgip::login_type::from_smg) {
        const auto number = peer.ask(
            command::bind,
            sgip::bind{.login_type = type, .login_name = name, .login_password = password});
        return result_of(command::bind_resp, number);
    }
    // The gateway's own connection, open for reports and texts.
    void call() {
        dial();
        CHECK(log_in("smg", "smgsecret") == 0);
    }
    // What the answer to our request says.
    std::uint8_t result_of(command id, const sgip::sequence& number) {
        until_came(id);
        const auto came = peer.take(id);
        CHECK(came.head.sequence == number);
        return peer.read<sgip::answer>(came).result;
    }
    // The numbers of `count` SUBMITs, in the order of their coming.
    std::vector<sgip::sequence> submits(std::size_t count) {
        until_came(command::submit, count);
        std::vector<sgip::sequence> all;
        for (std::size_t i = 0; i < count; ++i)
            all.push_back(peer.take(command::submit).head.sequence);
        return all;
    }
    // What one unit becomes.
    const sgip::submit& sent(sdk::unit u) {
        if (!adapter)
            bind();
        u.handle = ++handle;
        if (u.recipient.empty())
            u.recipient = "8613800138000";
        if (u.validity == sdk::duration{})
            u.validity = 1h;
        (*adapter)->submit({&u, 1});
        until_came(command::submit);
        return peer.read<sgip::submit>(peer.take(command::submit));
    }
    void answer(const sgip::sequence& number, std::uint8_t result) {
        peer.send(command::submit_resp, number, sgip::answer{.result = result});
    }
    sgip::sequence report(const sgip::sequence& submit, std::uint8_t state,
                          std::uint8_t error = 0) {
        return peer.ask(command::report, sgip::report{.submit = submit,
                                                      .user_number = "8613800138000",
                                                      .state = state,
                                                      .error_code = error});
    }
    // What the host was given is stored.
    void store() {
        host.until([&] { return !host.unstored.empty(); });
        while (!host.unstored.empty()) {
            host.unstored.front()();
            host.unstored.pop_front();
        }
    }
    // Both sides have seen all that was sent so far over this connection.
    void sync() {
        const auto number = peer.ask(command::trace, sgip::trace{});
        until_came(command::trace_resp);
        CHECK(peer.take(command::trace_resp).head.sequence == number);
    }

    std::uint64_t handle = 1000;
};

} // namespace posthorn::tests
