#include "plugins/fake_host.hpp"

namespace adapter_loopback_test {

using namespace posthorn;
using namespace posthorn::tests;

namespace {

std::vector<sdk::unit> units(std::size_t count) {
    std::vector<sdk::unit> all(count);
    for (std::size_t i = 0; i < count; ++i) {
        all[i].handle = i + 1;
        all[i].recipient = "8613800138000";
    }
    return all;
}

} // namespace

TEST_CASE("loopback: accepts every unit, and then reports it delivered by the same ref") {
    fake_host host;
    running_adapter adapter(host, fallbacks());
    host.until([&] { return host.open_slots == 1000; });
    adapter->submit(units(3));
    CHECK(host.given.empty()); // not from inside submit()
    host.until([&] { return host.given.size() == 3; });
    REQUIRE(host.receipts.size() == 3);
    CHECK(host.batches == 1);
    CHECK(host.arrivals == 1);
    for (std::size_t i = 0; i < 3; ++i) {
        const auto& v = host.given[i + 1];
        CHECK(v.what == sdk::verdict::kind::accepted);
        CHECK(v.ref == host.receipts[i].ref);
        CHECK(host.receipts[i].state == sdk::receipt_state::delivered);
        CHECK(host.receipts[i].recipient == "8613800138000");
    }
    CHECK(host.given[1].ref != host.given[2].ref);
}

TEST_CASE("loopback: the options set the slots and turn receipts off") {
    fake_host host;
    auto options = fallbacks();
    options.set("slots", {"2", 2});
    options.set("receipts", {"off", 0});
    running_adapter adapter(host, options);
    host.until([&] { return host.open_slots == 2; });
    adapter->submit(units(2));
    host.until([&] { return host.given.size() == 2; });
    host.settle();
    CHECK(host.arrivals == 0);
}

TEST_CASE("loopback: takes long texts in parts, or whole where it is told so") {
    fake_host host;
    auto options = fallbacks();
    running_adapter parts(host, options);
    CHECK(parts->carries().whole == 0);
    options.set("carries", {"message", 0});
    running_adapter messages(host, options);
    CHECK(messages->carries().whole == 65535);
    CHECK(!messages->carries().one_receipt);
}

TEST_CASE("loopback: stop ends run, and what was submitted still gets its verdict") {
    fake_host host;
    running_adapter adapter(host, fallbacks());
    host.until([&] { return host.open_slots > 0; });
    adapter->submit(units(1));
    adapter->stop();
    host.until([&] { return adapter.ended; });
    CHECK(host.open_slots == 0);
    CHECK(host.given.size() == 1);
}

} // namespace adapter_loopback_test
