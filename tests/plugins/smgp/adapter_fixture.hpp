// The SMGP adapter between a fake host and a scripted gateway.
#pragma once

#include "plugins/fake_peer.hpp"
#include "smgp/codec/login.hpp"
#include "smgp/codec/msg_id.hpp"
#include "smgp/codec/pdu.hpp"

namespace posthorn::tests {

using kind = sdk::verdict::kind;
using smgp::command;
using namespace std::chrono_literals;

class fake_smgw : public fake_peer<smgp::header> {
public:
    explicit fake_smgw(boost::asio::io_context& io)
        : fake_peer(io, smgp::frame,
                    [](std::string_view octets) { return smgp::read_header(octets); }) {}

    using fake_peer::send;
    void send(command id, std::uint32_t sequence, const smgp::body& body = smgp::no_body{}) {
        std::string out;
        smgp::encode(out, {.head = {.id = id, .sequence = sequence}, .body = body});
        send(out);
    }
    // What came; the views are into `octets_`.
    template <class Body>
    const Body& read(received packet) {
        octets_ = std::move(packet.octets);
        REQUIRE(!smgp::decode(octets_, pdu_));
        return std::get<Body>(pdu_.body);
    }

private:
    std::string octets_;
    smgp::pdu pdu_;
};

inline std::string id_octets(std::string_view hex) {
    const auto id = smgp::msg_id_of(hex).value();
    return {id.data(), id.size()};
}

struct smgp_fixture : account_fixture<fake_smgw> {
    smgp_fixture() {
        text("client_id", "12345678");
        text("secret", "telecom");
        text("sender", "10690000");
    }

    fake_smgw::received login_came() {
        if (!adapter)
            start();
        until_came(command::login);
        return peer.take(command::login);
    }
    // The gateway's answer to it, with its proof. What was asked.
    smgp::login answer(const fake_smgw::received& packet, std::uint32_t status = 0) {
        const auto asked = peer.read<smgp::login>(packet);
        const auto proof = smgp::authenticator_server(status, asked.authenticator, "telecom");
        peer.send(command::login_resp, packet.head.sequence,
                  smgp::login_resp{.status = status, .authenticator = smgp::octets_of(proof)});
        return asked;
    }
    // Until the adapter announces slots.
    void log_in() {
        answer(login_came());
        host.until([&] { return host.open_slots > 0; });
    }
    // What one unit becomes.
    const smgp::submit& sent(const sdk::unit& u) {
        (*adapter)->submit({&u, 1});
        until_came(command::submit);
        return peer.read<smgp::submit>(peer.take(command::submit));
    }
    // The sequences of `count` Submits, in the order of their coming.
    std::vector<std::uint32_t> submits(std::size_t count) {
        until_came(command::submit, count);
        std::vector<std::uint32_t> all;
        for (std::size_t i = 0; i < count; ++i)
            all.push_back(peer.take(command::submit).head.sequence);
        return all;
    }
    void answer(std::uint32_t sequence, std::uint32_t status,
                std::string_view id = "01006101161700012345") {
        const auto octets = id_octets(id);
        peer.send(command::submit_resp, sequence,
                  smgp::message_resp{.msg_id = octets, .status = status});
    }
    void deliver(std::uint32_t sequence, const smgp::deliver& d) {
        peer.send(command::deliver, sequence, d);
    }
    smgp::message_resp deliver_answer(std::uint32_t sequence) {
        until_came(command::deliver_resp);
        const auto packet = peer.take(command::deliver_resp);
        CHECK(packet.head.sequence == sequence);
        return peer.read<smgp::message_resp>(packet);
    }
    // Both sides have seen all that was sent so far: the link answers in order.
    void sync() {
        peer.send(command::active_test, ++probe);
        until_came(command::active_test_resp);
        CHECK(peer.take(command::active_test_resp).head.sequence == probe);
    }

    std::uint32_t probe = 0x70000000;
};

} // namespace posthorn::tests
