// Receipts that stop on a live link, and what an account with rebind_without_receipts does about it.
#pragma once

#include "plugins/fake_host.hpp"
#include "plugins/simulated.hpp"

namespace posthorn::tests {

template <class Fixture, class Server, class Options>
void receipts_that_stop_come_over_a_new_link(const Options& chosen) {
    using namespace std::chrono_literals;
    simulated::carrier<Server, Options> carrier(chosen);
    carrier.command("fault receipts-stop:once");
    Fixture account;
    account.number("port", carrier.port());
    account.duration("rebind_without_receipts", 200ms);
    account.start();
    auto& host = account.host;
    host.until([&] { return host.open_slots > 0; });
    account.submit(1, 3);
    account.until_given(3);
    CHECK(host.receipts.empty());
    host.until([&] { return host.receipts.size() == 3; });
    CHECK(host.given[1].what == sdk::verdict::kind::accepted);
    CHECK(host.logged("no receipt for 1 s though texts were accepted"));
    CHECK(carrier.stat("binds") == 2);
    CHECK(carrier.stat("submits") == 3);
    const auto learned = (*account.adapter)->learned();
    REQUIRE(!learned.empty());
    CHECK(learned.back().first == "bound again for want of receipts");
    CHECK(learned.back().second == "1 times");
    carrier.stop(); // or the account would wait until its receipts are stored
}

} // namespace posthorn::tests
