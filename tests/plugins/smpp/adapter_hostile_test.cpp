// Carriers that are broken, overloaded or not carriers: memory and time stay bounded, and nobody
// else is disturbed.
#include "plugins/smpp/adapter_fixture.hpp"

#include <boost/asio/post.hpp>

namespace adapter_hostile_test {

using namespace posthorn;
using namespace posthorn::tests;

namespace {

struct hostile_fixture : smpp_fixture {
    std::string receipt(std::uint32_t sequence) {
        const auto words = "id:" + std::to_string(sequence) + " stat:DELIVRD err:000";
        smpp::sm body;
        body.source = {1, 1, "8613800138000"};
        body.esm_class = 0x04;
        body.short_message = words;
        std::string out;
        smpp::encode_sm(out, command::deliver_sm, sequence, body);
        return out;
    }
    void store_all() {
        while (!host.unstored.empty()) {
            const auto stored = std::move(host.unstored.front());
            host.unstored.pop_front();
            stored();
        }
    }
    // Nothing more happens, however often the loop turns.
    void until_still(const std::function<std::size_t()>& measure) {
        std::size_t before = SIZE_MAX;
        for (unsigned same = 0; same < 50; same = measure() == before ? same + 1 : 0) {
            before = measure();
            for (int i = 0; i < 20; ++i)
                host.settle();
        }
    }
};

} // namespace

TEST_CASE_FIXTURE(
    hostile_fixture,
    "smpp hostile: a flood of unknown receipts waits at the carrier until there is room") {
    constexpr std::size_t count = 100'000, most = 25'000; // 20,000 and what one read may hold
    bind();
    std::string flood;
    for (std::uint32_t n = 1; n <= count; ++n)
        flood += receipt(n);
    smsc.send_later(flood);
    host.until([&] { return host.receipts.size() >= 20'000; });
    until_still([&] { return host.receipts.size(); });
    CHECK(host.receipts.size() < most);
    CHECK(host.open_slots == 10); // it waits, and the link is not taken for dead
    host.until([&] {
        store_all();
        return host.receipts.size() == count;
    });
    store_all();
    host.until([&] { return smsc.pdus.size() == count; });
    CHECK(smsc.count(command::deliver_sm_resp) == count);
    CHECK(smsc.connections == 1);
}

TEST_CASE_FIXTURE(hostile_fixture,
                  "smpp hostile: who does not read our answers is not read either") {
    smsc.reading = false;
    start();
    host.until([&] { return smsc.connections == 1; });
    smsc.accept_bind(1);
    host.until([&] { return host.open_slots == 10; });
    std::string flood;
    for (std::uint32_t n = 1; n <= 4096; ++n)
        smpp::encode_header(flood, command::enquire_link, status::ok, n);
    for (int i = 0; i < 400; ++i) // 25 MB
        smsc.send_later(flood);
    until_still([&] { return smsc.sent_later; });
    CHECK(smsc.sent_later < 400U * flood.size());
    smsc.read_on();                                                  // and then all is answered
    host.until([&] { return smsc.pdus.size() == 1 + 400U * 4096; }); // and the bind before
    CHECK(smsc.connections == 1);
}

TEST_CASE_FIXTURE(hostile_fixture, "smpp hostile: an announced length reserves nothing") {
    bind();
    smsc.send(std::string_view("\x7F\xFF\xFF\xFF\0\0\0\x05\0\0\0\0\0\0\0\1", 16));
    host.until([&] { return smsc.has(command::generic_nack); });
    CHECK(smsc.take(command::generic_nack).head.status == status::invalid_command_length);
    host.until([&] { return smsc.closings == 1; });
    bind();
}

TEST_CASE_FIXTURE(
    hostile_fixture,
    "smpp hostile: a number answered twice counts once, one used twice is answered twice") {
    bind();
    submit(1, 2);
    const auto sequences = submits(2);
    answer(sequences[0], status::ok, "a");
    answer(sequences[0], status::invalid_destination);
    answer(0, status::ok, "b");
    answer(0xFFFFFFFF, status::ok, "c");
    sync();
    CHECK(host.given.size() == 1);
    CHECK(host.given[1].what == kind::accepted);
    smsc.send(receipt(5) + receipt(5));
    host.until([&] { return host.receipts.size() == 2; });
    store_all();
    host.until([&] { return smsc.count(command::deliver_sm_resp) == 2; });
    answer(sequences[1], status::ok, "d");
    until_given(2);
}

TEST_CASE_FIXTURE(hostile_fixture,
                  "smpp hostile: random octets end one session after another, never more") {
    std::uint32_t seed = 1;
    for (unsigned round = 1; round <= 20; ++round) {
        bind();
        submit(round);
        submits(1);
        std::string noise;
        for (int i = 0; i < 300; ++i) {
            seed = seed * 1664525 + 1013904223;
            noise += static_cast<char>(seed >> 24);
        }
        smsc.send("\x01" + noise); // a length of 16 MiB or more
        host.until([&] { return host.given.count(round) == 1; });
        CHECK(host.given[round].what == kind::uncertain);
        host.until([&] { return smsc.closings == round; });
        smsc.pdus.clear();
    }
}

TEST_CASE_FIXTURE(hostile_fixture, "smpp hostile: a name too long for a bind is told, not sent") {
    text("system_id", "a name of more than fifteen");
    start();
    host.until([&] { return host.logged("system_id is too long for SMPP"); });
    CHECK(!smsc.has(command::bind_transceiver));
}

TEST_CASE_FIXTURE(hostile_fixture, "smpp hostile: one account's trouble is not another's") {
    fake_smsc trouble(host.io);
    auto other = options;
    other.set("port", {"", trouble.port()});
    bind();
    running_adapter neighbour(host, other);
    for (std::uint64_t handle = 1; handle <= 50; ++handle) {
        const auto before = trouble.connections;
        host.until([&] { return trouble.connections > before || trouble.connections > 0; });
        if (trouble.has(command::bind_transceiver)) {
            trouble.take(command::bind_transceiver);
            trouble.send("HTTP/1.1 400 Bad Request\r\n\r\n");
        }
        submit(handle);
        answer(submits(1)[0], status::ok, "id");
        host.until([&] { return host.given.count(handle) == 1; });
        CHECK(host.given[handle].what == kind::accepted);
    }
    CHECK(host.logged("an HTTP server answers here"));
    trouble.vanish();
}

} // namespace adapter_hostile_test
