// The SMPP adapter between a fake host and a scripted carrier.
#pragma once

#include "plugins/smpp/fake_smsc.hpp"

namespace posthorn::tests {

using smpp::command;
using smpp::status;
using kind = sdk::verdict::kind;
using namespace std::chrono_literals;

struct smpp_fixture : account_fixture<fake_smsc> {
    smpp_fixture() {
        text("system_id", "esme01");
        text("password", "pa55w0rd");
        text("sender", "10690000");
    }

    // Until the adapter announces slots.
    void bind(std::uint8_t version = 0x34) {
        if (!adapter)
            start();
        host.until([&] { return smsc.has(command::bind_transceiver); });
        smsc.accept_bind(smsc.take(command::bind_transceiver).head.sequence, version);
        host.until([&] { return host.open_slots > 0; });
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

    fake_smsc& smsc = peer;
    std::uint32_t probe = 0x70000000;
};

} // namespace posthorn::tests
