// What the simulated carriers of all protocols share: the rules they follow, their control socket.
#include "sdk/simulator/control.hpp"
#include "sdk/simulator/faults.hpp"
#include "sdk/simulator/options.hpp"
#include "sdk/simulator/outcomes.hpp"
#include "sdk/simulator/phone_text.hpp"
#include "sdk/simulator/seen.hpp"
#include "sdk/simulator/submitted.hpp"

#include <boost/asio/io_context.hpp>
#include <doctest/doctest.h>

#include <algorithm>
#include <array>
#include <string>
#include <thread>

namespace simulator_test {

using namespace posthorn::simulator;
using namespace std::string_view_literals;

namespace {

constexpr auto every_fault = [] {
    std::array<known_fault, fault_count> all{};
    for (std::size_t i = 0; i < all.size(); ++i)
        all[i].kind = static_cast<fault>(i);
    return all;
}();

} // namespace

TEST_CASE("simulator: a control socket takes a line and answers a line") {
    const auto path = std::string(BUILD_DIR) + "/simulator.sock";
    boost::asio::io_context carrier;
    control taking(carrier, path,
                   [](std::string_view line) { return "<" + std::string(line) + ">"; });
    std::thread running([&] { carrier.run(); });
    boost::asio::io_context io;
    boost::asio::local::stream_protocol::socket socket(io);
    socket.connect({path});
    const std::string lines = "faults\nstats\r\n";
    socket.send(boost::asio::buffer(lines));
    std::string got;
    char octets[64];
    while (std::count(got.begin(), got.end(), '\n') < 2)
        got.append(octets, socket.receive(boost::asio::buffer(octets)));
    CHECK(got == "<faults>\n<stats>\n");
    boost::asio::post(carrier, [&] { taking.close(); });
    running.join();
}

TEST_CASE("simulator: rates of faults") {
    const char* good[] = {"throttle",           "throttle:once",       "throttle:5%",
                          "throttle:0.5%",      "throttle:0.05",       "throttle:1",
                          "throttle:every 100", "throttle:every=1000", "half-open:100%"};
    for (const char* text : good) {
        CAPTURE(text);
        CHECK(!faults(1, every_fault).set(text));
    }
    const char* bad[] = {"",
                         "nonsense",
                         "throttle:0",
                         "throttle:2",
                         "throttle:101%",
                         "throttle:every",
                         "throttle:every 0",
                         "throttle:x",
                         "throttle:-0.1",
                         "throttle:0.0"};
    for (const char* text : bad) {
        CAPTURE(text);
        CHECK(faults(1, every_fault).set(text).has_value());
    }
    faults list(7, every_fault);
    CHECK(!list.set("garbage:every 3"));
    CHECK(!list.set("throttle:25%"));
    std::string hits;
    int throttled = 0;
    for (int i = 0; i < 10000; ++i) {
        if (i < 6)
            hits += list.strikes(fault::garbage) ? 'x' : '.';
        throttled += list.strikes(fault::throttle) ? 1 : 0;
    }
    CHECK(hits == "..x..x");
    CHECK(throttled > 2300);
    CHECK(throttled < 2700);
    CHECK(!list.strikes(fault::half_open));
    for (std::size_t i = 0; i < fault_count; ++i)
        CHECK(!list.set(name(static_cast<fault>(i))));
    constexpr known_fault one[] = {{fault::garbage, "speak in tongues"}};
    CHECK(explain(one[0]) == "speak in tongues");
    CHECK(!faults(1, one).set("garbage"));
    CHECK(faults(1, one).set("throttle").value().ends_with("known are garbage"));
}

TEST_CASE("simulator: a number's fate follows from its longest suffix, then from its hash") {
    outcomes rules(42);
    CHECK(!rules.add_suffix("1=undelivered"));
    CHECK(!rules.add_suffix("001=expired"));
    CHECK(!rules.add_refusal("9=0x0B"));
    CHECK(rules.of("5001").outcome == outcome::expired);
    CHECK(rules.of("5011").outcome == outcome::undelivered);
    CHECK(rules.of("5002").outcome == outcome::delivered);
    CHECK(rules.of("5009").refused == 0x0B);
    CHECK(!rules.set_shares("delivered=95,undelivered=3,expired=1,rejected=1"));
    int delivered = 0;
    for (int i = 0; i < 10000; ++i) {
        const auto to = "49170" + std::to_string(i * 10);
        const auto place = spread(to, 42) % 100;
        const auto expected = place < 95   ? outcome::delivered
                              : place < 98 ? outcome::undelivered
                              : place < 99 ? outcome::expired
                                           : outcome::rejected;
        CHECK(rules.of(to).outcome == expected);
        delivered += expected == outcome::delivered ? 1 : 0;
    }
    CHECK(delivered > 9300);
    CHECK(delivered < 9700);
    for (const char* wrong : {"delivered", "delivered=x", "gone=1", "delivered=0"}) {
        CAPTURE(wrong);
        CHECK(rules.set_shares(wrong).has_value());
    }
    CHECK(rules.add_suffix("=delivered").has_value());
    CHECK(rules.add_suffix("1=gone").has_value());
    CHECK(rules.add_refusal("1=0").has_value());
    CHECK(rules.add_refusal("1=0xZZ").has_value());
}

TEST_CASE("simulator: the set of seen texts forgets none and invents none") {
    seen set;
    for (std::uint64_t i = 0; i < 50000; ++i)
        CHECK(!set.repeat(hash_octets(std::to_string(i), 1)));
    for (std::uint64_t i = 0; i < 50000; ++i)
        CHECK(set.repeat(hash_octets(std::to_string(i), 1)));
    CHECK(set.size() == 50000);
    CHECK(!set.repeat(0));
    CHECK(set.repeat(0));
}

TEST_CASE("simulator: long texts are split where a phone splits them") {
    struct row {
        std::string text;
        std::size_t parts;
        unsigned coding;
    };
    std::string smileys; // two UTF-16 units each
    for (int i = 0; i < 35; ++i)
        smileys += "\xF0\x9F\x98\x80";
    const row rows[] = {
        {std::string(160, 'x'), 1, 0}, {std::string(161, 'x'), 2, 0},
        {std::string(306, 'x'), 2, 0}, {std::string(307, 'x'), 3, 0},
        {"[brackets]", 1, 8},          {smileys, 1, 8},
        {smileys + "x", 2, 8},         {"", 1, 0},
    };
    for (const auto& row : rows) {
        CAPTURE(row.text);
        const auto written = write_on_phone(row.text, letters::gsm, 1);
        REQUIRE(written);
        CHECK(written->parts.size() == row.parts);
        CHECK(written->data_coding == row.coding);
        for (const auto& part : written->parts)
            CHECK(part.size() <= (row.coding == 8 ? 140U : 160U));
    }
    CHECK(write_on_phone("a@[b", letters::gsm, 1)->data_coding == 8);
    CHECK(write_on_phone("a@b", letters::gsm, 1)->parts[0] == "a\0b"sv);
    CHECK(write_on_phone("a@[b", letters::ascii, 1)->parts[0] == "a@[b");
    // 67 units would end between the halves of a smiley: the first part has 66.
    CHECK(write_on_phone(smileys + "x", letters::gsm, 1)->parts[0].size() == 6 + 132);
    for (const char* wrong : {"\xff", "\xc3", "\xed\xa0\x80", "\xc0\x80"})
        CHECK(!write_on_phone(wrong, letters::gsm, 1));
}

TEST_CASE("simulator: durations") {
    const std::pair<const char*, std::int64_t> rows[] = {
        {"0", 0}, {"250ms", 250}, {"3s", 3000}, {"2m", 120000}, {"0s", 0}};
    for (const auto& [text, expected] : rows)
        CHECK(parse_duration(text)->count() == expected);
    for (const char* wrong : {"", "3", "s", "-1s", "3h", "99999999m", "1.5s"}) {
        CAPTURE(wrong);
        CHECK(!parse_duration(wrong));
    }
}

TEST_CASE("simulator: a user data header says whether more parts follow") {
    const std::pair<std::string_view, bool> rows[] = {
        {"\x05\x00\x03\x2A\x02\x01x"sv, true},     {"\x05\x00\x03\x2A\x02\x02x"sv, false},
        {"\x06\x08\x04\x12\x34\x03\x02x"sv, true}, {"\x06\x08\x04\x12\x34\x03\x03x"sv, false},
        {"\x05\x24\x03\x2A\x02\x01x"sv, false},    {"\x05\x00"sv, false},
    };
    for (const auto& [octets, more] : rows)
        CHECK(header_says_more(octets) == more);
}

} // namespace simulator_test
