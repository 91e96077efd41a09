// The SMGP adapter between a fake host and a scripted gateway.
#pragma once

#include "plugins/fake_carrier.hpp"
#include "plugins/fake_host.hpp"
#include "smgp/codec/login.hpp"
#include "smgp/codec/msg_id.hpp"
#include "smgp/codec/pdu.hpp"

namespace posthorn::tests {

using kind = sdk::verdict::kind;
using smgp::command;
using namespace std::chrono_literals;

struct smgp_protocol {
    using header = smgp::header;
    using command = smgp::command;
    static header read_header(std::string_view octets) { return smgp::read_header(octets); }
    static sdk::framer::shape frame() {
        return {.protocol = "SMGP",
                .length_field = "PacketLength",
                .least = smgp::header_size,
                .most = smgp::longest_packet};
    }
};

class fake_smgw : public fake_carrier<smgp_protocol> {
public:
    using fake_carrier::fake_carrier;
    using fake_carrier::send;

    void send(command id, std::uint32_t sequence) {
        std::string out;
        smgp::encode_header(out, id, sequence);
        send(out);
    }
    void send(command id, std::uint32_t sequence, smgp::body body) {
        std::string out;
        smgp::encode(out, {.head = {.id = id, .sequence = sequence}, .body = std::move(body)});
        send(out);
    }
};

inline std::string id_octets(std::string_view hex) {
    const auto id = smgp::msg_id_of(hex).value();
    return {id.data(), id.size()};
}

struct smgp_fixture {
    smgp_fixture() : smgw(host.io), options(fallbacks()) {
        text("host", "127.0.0.1");
        number("port", smgw.port());
        text("client_id", "12345678");
        text("secret", "telecom");
        text("sender", "10690000");
    }
    smgp_fixture(const smgp_fixture&) = delete;
    smgp_fixture& operator=(const smgp_fixture&) = delete;
    ~smgp_fixture() { smgw.vanish(); } // else the adapter says good-bye and waits for the answer

    void text(const char* name, std::string value) { options.set(name, {std::move(value), 0}); }
    void number(const char* name, std::int64_t value) {
        options.set(name, {std::to_string(value), value});
    }
    void duration(const char* name, sdk::duration value) { options.set(name, {"", value.count()}); }
    void entries(const char* name, std::vector<std::pair<std::string, std::string>> all) {
        options.set(name, {.text = {}, .entries = std::move(all)});
    }

    void start() { adapter = std::make_unique<running_adapter>(host, options); }
    fake_smgw::received login_came() {
        if (!adapter)
            start();
        host.until([&] { return smgw.has(command::login); });
        return smgw.take(command::login);
    }
    // The gateway's answer to it, with its proof.
    void answer(const fake_smgw::received& asked, std::uint32_t status = 0) {
        smgp::pdu p;
        REQUIRE(!smgp::decode(asked.octets, p));
        const auto& request = std::get<smgp::login>(p.body);
        const auto proof = smgp::authenticator_server(status, request.authenticator, "telecom");
        smgw.send(command::login_resp, asked.head.sequence,
                  smgp::login_resp{.status = status, .authenticator = smgp::octets_of(proof)});
    }
    // Until the adapter announces slots.
    void log_in() {
        answer(login_came());
        host.until([&] { return host.open_slots > 0; });
    }
    void submit(std::uint64_t first, std::size_t count = 1) {
        std::vector<sdk::unit> units(count);
        for (std::size_t i = 0; i < count; ++i) {
            units[i].handle = first + i;
            units[i].recipient = "8613300000000";
            units[i].octets = "hello";
            units[i].validity = 1h;
        }
        (*adapter)->submit(units);
    }
    // One unit, as it came to the gateway.
    struct submitted {
        std::string octets;
        smgp::pdu p;
        const smgp::submit& body() const { return std::get<smgp::submit>(p.body); }
    };
    std::unique_ptr<submitted> submit_came(const sdk::unit& u) {
        (*adapter)->submit({&u, 1});
        host.until([&] { return smgw.has(command::submit); });
        auto out = std::make_unique<submitted>();
        out->octets = smgw.take(command::submit).octets;
        REQUIRE(!smgp::decode(out->octets, out->p));
        return out;
    }
    // The sequences of `count` submits, in the order of their coming.
    std::vector<std::uint32_t> submits(std::size_t count) {
        host.until([&] { return smgw.count(command::submit) >= count; });
        std::vector<std::uint32_t> all;
        for (std::size_t i = 0; i < count; ++i)
            all.push_back(smgw.take(command::submit).head.sequence);
        return all;
    }
    void answer(std::uint32_t sequence, std::uint32_t status,
                std::string_view id = "01006101161700012345") {
        smgw.send(command::submit_resp, sequence,
                  smgp::message_resp{.msg_id = id_octets(id), .status = status});
    }
    void deliver(std::uint32_t sequence, smgp::deliver d) {
        smgw.send(command::deliver, sequence, std::move(d));
    }
    smgp::message_resp deliver_answer(std::uint32_t sequence) {
        host.until([&] { return smgw.has(command::deliver_resp); });
        last_answer = smgw.take(command::deliver_resp);
        CHECK(last_answer.head.sequence == sequence);
        smgp::pdu p;
        REQUIRE(!smgp::decode(last_answer.octets, p));
        return std::get<smgp::message_resp>(p.body);
    }
    // Both sides have seen all that was sent so far: the link answers in order.
    void sync() {
        smgw.send(command::active_test, ++probe);
        host.until([&] { return smgw.has(command::active_test_resp); });
        CHECK(smgw.take(command::active_test_resp).head.sequence == probe);
    }
    void until_given(std::size_t count) {
        host.until([&] { return host.given.size() >= count; });
    }

    fake_host host;
    fake_smgw smgw;
    sdk::options options;
    std::uint32_t probe = 0x70000000;
    fake_smgw::received last_answer;
    std::unique_ptr<running_adapter> adapter; // ends first
};

} // namespace posthorn::tests
