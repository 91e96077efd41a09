// What an account learns about its carrier's ids and references.
#include "plugins/fake_host.hpp"
#include "smpp/adapter/habits.hpp"

#include <cstdio>

namespace adapter_habits_test {

using namespace posthorn;
using namespace posthorn::tests;

namespace {

struct habits_fixture {
    habits_fixture() : settings(fallbacks()), habits(host, settings) {}

    static std::string hex(std::uint64_t n) {
        char text[20];
        std::snprintf(text, sizeof text, "%08llX", static_cast<unsigned long long>(n));
        return text;
    }
    static std::string phone(std::uint64_t n) { return "8613800" + std::to_string(100000 + n); }
    void answered(const std::string& id, std::uint64_t n) {
        habits.answered(id, smpp::phone_tail(phone(n)), static_cast<std::uint16_t>(n));
    }
    void arrived(const std::string& id, std::uint64_t n, bool echo = false) {
        sdk::receipt r;
        r.ref = id;
        r.recipient = "+" + phone(n);
        if (echo)
            r.reference = static_cast<std::uint16_t>(n);
        habits.arrived(r);
    }
    bool meet(const std::string& answer, const std::string& receipt) {
        return habits.key(answer, false) == habits.key(receipt, true);
    }
    std::string learned(std::string_view what) {
        for (const auto& [name, value] : habits.learned())
            if (name == what)
                return value;
        return "";
    }

    fake_host host;
    smpp::configuration settings;
    smpp::habits habits;
};

constexpr std::uint64_t first = 0xA141EF00;

} // namespace

TEST_CASE_FIXTURE(habits_fixture,
                  "smpp habits: hex in answers and decimal in receipts is learned") {
    for (std::uint64_t n = 0; n < 20; ++n) {
        answered(hex(first + n), n);
        CHECK(!meet(hex(first + n), std::to_string(first + n)));
        arrived(std::to_string(first + n), n);
        CHECK(meet(hex(first + n), std::to_string(first + n))); // each one from its own evidence
    }
    CHECK(!habits.watching());
    CHECK(meet(hex(first + 99), "00" + std::to_string(first + 99))); // and now any
    CHECK(learned("message ids") == "hex in answers, decimal in receipts");
    CHECK(host.logged("submit_id: hex and receipt_id: dec"));
}

TEST_CASE_FIXTURE(habits_fixture,
                  "smpp habits: decimal in answers and hex in receipts is learned") {
    for (std::uint64_t n = 0; n < 20; ++n) {
        answered(std::to_string(first + n), n);
        arrived(hex(first + n), n);
    }
    CHECK(meet(std::to_string(first + 99), hex(first + 99)));
    CHECK(learned("message ids") == "decimal in answers, hex in receipts");
}

TEST_CASE_FIXTURE(habits_fixture,
                  "smpp habits: zeros and references are seen, ids that are alike stay") {
    for (std::uint64_t n = 0; n < 20; ++n) {
        answered(std::to_string(1000 + n), n);
        arrived("000000" + std::to_string(1000 + n), n, true);
    }
    CHECK(learned("message ids") == "alike in answers and receipts");
    CHECK(learned("zeros before ids in receipts") == "yes");
    CHECK(learned("reference repeated in receipts") == "yes");
    CHECK(!meet("10", "16"));
    CHECK(meet("123", "00123"));
}

TEST_CASE_FIXTURE(habits_fixture,
                  "smpp habits: another phone is no evidence, nor is an id nobody knows") {
    for (std::uint64_t n = 0; n < 30; ++n) {
        answered(hex(first + n), n);
        arrived(std::to_string(first + n), n + 1);
        arrived("unheard-" + std::to_string(n), n);
        CHECK(!meet(hex(first + n), std::to_string(first + n)));
    }
    CHECK(habits.watching());
    CHECK(learned("receipts watched") == "0 of 20");
}

TEST_CASE_FIXTURE(habits_fixture, "smpp habits: a carrier without a habit is not given one") {
    for (std::uint64_t n = 0; n < 40; ++n) {
        answered(hex(first + n), n);
        arrived(n % 2 == 0 ? hex(first + n) : std::to_string(first + n), n);
    }
    CHECK(habits.watching());
    CHECK(!meet(hex(first + 99), std::to_string(first + 99)));
    CHECK(meet(hex(first + 39), std::to_string(first + 39)));
}

TEST_CASE_FIXTURE(habits_fixture,
                  "smpp habits: a habit is learned though a hundred thousand answers lie between") {
    constexpr std::uint64_t between = 100'000;
    for (std::uint64_t n = 0; n < between; ++n)
        answered(hex(first + n), n);
    for (std::uint64_t n = 0; n < between / 20 && habits.watching(); ++n) {
        answered(hex(first + between + n), between + n);
        arrived(std::to_string(first + n), n);
    }
    CHECK(learned("message ids") == "hex in answers, decimal in receipts");
}

TEST_CASE_FIXTURE(habits_fixture,
                  "smpp habits: the next start knows a habit from its first receipt") {
    for (std::uint64_t n = 0; n < 20; ++n) {
        answered(hex(first + n), n);
        arrived("0" + std::to_string(first + n), n, true);
    }
    smpp::habits next(host, settings);
    CHECK(next.key(hex(first + 99), false) == next.key(std::to_string(first + 99), true));
    CHECK(next.learned() == habits.learned());
    CHECK(next.watching()); // the carrier may have another by now
    next.answered(hex(first), smpp::phone_tail(phone(0)), 0);
    sdk::receipt r;
    r.ref = hex(first);
    r.recipient = phone(0);
    next.arrived(r);
    CHECK(next.key(hex(first), false) == next.key(r.ref, true));
}

TEST_CASE_FIXTURE(habits_fixture,
                  "smpp habits: what was learned of another carrier is not recalled") {
    host.remembered = "1 0 0 learned of elsewhere:2775";
    smpp::habits next(host, settings);
    CHECK(next.key(hex(first), false) != next.key(std::to_string(first), true));
}

TEST_CASE("smpp habits: what the options say is not doubted") {
    fake_host host;
    auto values = fallbacks();
    values.set("submit_id", {"raw", 0});
    values.set("receipt_id", {"raw", 0});
    const smpp::configuration settings(values);
    smpp::habits habits(host, settings);
    for (std::uint64_t n = 0; n < 30; ++n) {
        habits.answered(habits_fixture::hex(first + n), n, 0);
        sdk::receipt r;
        r.ref = std::to_string(first + n);
        r.recipient = std::to_string(n);
        habits.arrived(r);
    }
    CHECK(habits.key(habits_fixture::hex(first), false) != habits.key(std::to_string(first), true));
}

} // namespace adapter_habits_test
