// The SMPP adapter between a fake host and a scripted carrier.
#pragma once

#include "plugins/fake_host.hpp"
#include "plugins/smpp/fake_smsc.hpp"

namespace posthorn::tests {

using smpp::command;
using smpp::status;
using kind = sdk::verdict::kind;
using namespace std::chrono_literals;

struct smpp_fixture {
    smpp_fixture() : smsc(host.io), options(fallbacks()) {
        text("host", "127.0.0.1");
        number("port", smsc.port());
        text("system_id", "esme01");
        text("password", "pa55w0rd");
        text("sender", "10690000");
    }
    smpp_fixture(const smpp_fixture&) = delete;
    smpp_fixture& operator=(const smpp_fixture&) = delete;
    ~smpp_fixture() { smsc.vanish(); } // else the adapter says good-bye and waits for the answer

    void text(const char* name, std::string value) { options.set(name, {std::move(value), 0}); }
    void number(const char* name, std::int64_t value) {
        options.set(name, {std::to_string(value), value});
    }
    void duration(const char* name, sdk::duration value) { options.set(name, {"", value.count()}); }

    void start() { adapter = std::make_unique<running_adapter>(host, options); }
    // Until the adapter announces slots.
    void bind(std::uint8_t version = 0x34) {
        if (!adapter)
            start();
        host.until([&] { return smsc.has(command::bind_transceiver); });
        smsc.accept_bind(smsc.take(command::bind_transceiver).head.sequence, version);
        host.until([&] { return host.open_slots > 0; });
    }
    void submit(std::uint64_t first, std::size_t count = 1) {
        std::vector<sdk::unit> units(count);
        for (std::size_t i = 0; i < count; ++i) {
            units[i].handle = first + i;
            units[i].recipient = "8613800138000";
            units[i].octets = "hello";
            units[i].validity = 1h;
        }
        (*adapter)->submit(units);
    }
    // The sequences of `count` submits, in the order of their coming.
    std::vector<std::uint32_t> submits(std::size_t count) {
        host.until([&] { return smsc.count(command::submit_sm) >= count; });
        std::vector<std::uint32_t> all;
        for (std::size_t i = 0; i < count; ++i)
            all.push_back(smsc.take(command::submit_sm).head.sequence);
        return all;
    }
    void answer(std::uint32_t sequence, status code, std::string_view id = {}) {
        smsc.send_resp(command::submit_sm_resp, code, sequence, id);
    }
    // Both sides have seen all that was sent so far: the link answers in order.
    void sync() {
        smsc.send(command::enquire_link, status::ok, ++probe);
        host.until([&] { return smsc.has(command::enquire_link_resp); });
        CHECK(smsc.take(command::enquire_link_resp).head.sequence == probe);
    }
    void until_given(std::size_t count) {
        host.until([&] { return host.given.size() >= count; });
    }

    fake_host host;
    fake_smsc smsc;
    sdk::options options;
    std::uint32_t probe = 0x70000000;
    std::unique_ptr<running_adapter> adapter; // ends first
};

} // namespace posthorn::tests
