// The CMPP adapter between a fake host and a scripted gateway.
#pragma once

#include "cmpp/codec/login.hpp"
#include "cmpp/codec/pdu.hpp"
#include "plugins/fake_peer.hpp"

#include <string>

namespace posthorn::tests {

using cmpp::command;
using kind = sdk::verdict::kind;
using namespace std::chrono_literals;
using namespace std::string_literals;
using namespace std::string_view_literals;

class fake_ismg : public fake_peer<cmpp::header> {
public:
    explicit fake_ismg(boost::asio::io_context& io)
        : fake_peer(io, cmpp::frame,
                    [](std::string_view octets) { return cmpp::read_header(octets); }) {}

    cmpp::dialect as = cmpp::dialect::v30;

    using fake_peer::send;
    void send(command id, std::uint32_t sequence, const cmpp::body& body = cmpp::no_body{}) {
        std::string out;
        cmpp::encode(out, as, {.head = {.id = id, .sequence = sequence}, .body = body});
        send(out);
    }
    // What came; the views are into `octets_`.
    template <class Body>
    const Body& read(received packet) {
        octets_ = std::move(packet.octets);
        REQUIRE(!cmpp::decode(octets_, as, pdu_));
        return std::get<Body>(pdu_.body);
    }

private:
    std::string octets_;
    cmpp::pdu pdu_;
};

struct cmpp_fixture : account_fixture<fake_ismg> {
    cmpp_fixture() {
        text("source_addr", "901234");
        text("secret", "shared");
        text("sender", "10690000");
        text("service_id", "SVC01");
    }

    // As the account's version has it.
    void speak(cmpp::dialect as) {
        peer.as = as;
        text("version", as == cmpp::dialect::v20 ? "2.0" : "3.0");
    }
    // The answer to the CONNECT that came. `proof`: by default the right one.
    void answer_login(std::uint32_t status, std::optional<std::string> proof = {},
                      std::uint8_t version = 0) {
        until_came(command::connect);
        const auto packet = peer.take(command::connect);
        const auto asked = peer.read<cmpp::connect>(packet);
        const std::size_t width = peer.as == cmpp::dialect::v20 ? 1 : 4;
        const auto right = cmpp::authenticator_ismg(status, width, asked.authenticator, "shared");
        peer.send(command::connect_resp, packet.head.sequence,
                  cmpp::connect_resp{
                      .status = status,
                      .authenticator = proof ? std::string_view(*proof) : cmpp::octets_of(right),
                      .version = version != 0 ? version : static_cast<std::uint8_t>(peer.as)});
    }
    // Until the adapter announces slots.
    void log_in() {
        if (!adapter)
            start();
        answer_login(0);
        host.until([&] { return host.open_slots > 0; });
    }
    // The sequences of `count` SUBMITs, in the order of their coming.
    std::vector<std::uint32_t> submits(std::size_t count) {
        until_came(command::submit, count);
        std::vector<std::uint32_t> all;
        for (std::size_t i = 0; i < count; ++i)
            all.push_back(peer.take(command::submit).head.sequence);
        return all;
    }
    // What one unit becomes.
    const cmpp::submit& sent(sdk::unit u) {
        if (!adapter)
            log_in();
        u.handle = ++handle;
        if (u.recipient.empty())
            u.recipient = "8613800138000";
        if (u.validity == sdk::duration{})
            u.validity = 1h;
        (*adapter)->submit({&u, 1});
        until_came(command::submit);
        return peer.read<cmpp::submit>(peer.take(command::submit));
    }
    void answer(std::uint32_t sequence, std::uint32_t result, cmpp::msg_id id = 0) {
        peer.send(command::submit_resp, sequence,
                  cmpp::message_resp{.msg_id = id, .result = result});
    }
    // Both sides have seen all that was sent so far: the link answers in order.
    void sync() {
        peer.send(command::active_test, ++probe);
        until_came(command::active_test_resp);
        CHECK(peer.take(command::active_test_resp).head.sequence == probe);
    }

    std::uint64_t handle = 1000;
    std::uint32_t probe = 0x70000000;
};

} // namespace posthorn::tests
