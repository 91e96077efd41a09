// What simulated providers over HTTP share, by a toy of one: several texts of a request, several
// receipts of a call.
#include "http_server.hpp"
#include "plugins/http_client.hpp"

#include "sdk/simulator/http/server.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <cstddef>
#include <string>
#include <string_view>

namespace http_simulator_test {

using namespace posthorn::simulator::http;
using posthorn::simulator::delivery;
using posthorn::simulator::fate;

namespace {

constexpr auto known_faults = faults_said("1", "2", "3");

// A text is a line "TO WORDS"; an answer has the status or the id of each, in a line.
class toy final : public provider {
public:
    toy(boost::asio::io_context& io, const options& chosen)
        : provider(io, chosen,
                   {.faults = known_faults,
                    .throttled = 1,
                    .queue_full = 2,
                    .window_exceeded = 3,
                    .alphabet = posthorn::simulator::letters::utf8,
                    .binary_ids = false}) {}

    std::optional<reply> stranger(const message&) override { return std::nullopt; }
    reply no_request() override { return {}; }
    heard hear(const message& asked) override {
        heard what;
        for (auto rest = asked.body; !rest.empty();) {
            const auto line = rest.substr(0, rest.find('\n'));
            rest.remove_prefix(std::min(line.size() + 1, rest.size()));
            what.texts.emplace_back(*this, std::string(line.substr(0, line.find(' '))), "me",
                                    std::string(line.substr(line.find(' ') + 1)));
        }
        what.together = asked.path() == "/together";
        return what;
    }
    reply answer(const heard& what, std::span<const verdict> verdicts) override {
        CHECK(what.texts.size() == verdicts.size());
        reply said;
        for (const auto& one : verdicts)
            said.body += one.status == 0 ? std::string(one.id) + ";"
                                         : "no " + std::to_string(one.status) + ";";
        return said;
    }
    delivery write_receipt(const text& of, std::string_view, const fate&, std::int64_t) override {
        delivery item;
        item.octets = "receipt " + of.words;
        return item;
    }
    delivery write_inbound(std::string_view, std::string_view, std::string_view words) override {
        delivery item;
        item.octets = "phone " + std::string(words);
        return item;
    }
    std::size_t items_in_a_call(bool) const override { return 3; }
    call write_call(std::span<const std::string_view> items, const callback& where) override {
        call made{.target = where.path};
        for (const auto one : items)
            made.body.append(one).append(";");
        return made;
    }

protected:
    std::string new_id(const text&) override { return std::to_string(next_number()); }
};

using carrier = posthorn::simulated::carrier<server_of<toy>, options>;

std::string body_of(const posthorn::simulated::heard& said) {
    const auto m = read_message(said.octets);
    return m ? std::string(m->body) : "none";
}

} // namespace

TEST_CASE("simulator: of several texts of a request each is answered, or they are taken together") {
    options o;
    o.refusals = {"9=7"};
    carrier sim(o);
    posthorn::simulated::http_client us(sim.port());
    const auto ask = [&](std::string_view path, std::string_view body) {
        return body_of(us.ask("POST " + std::string(path), "", body));
    };
    CHECK(ask("/apart", "1 a\n9 b\n2 c") == "1;no 7;2;");
    CHECK(sim.stat("accepted") == 2);
    CHECK(ask("/together", "1 a\n9 b\n2 c") == "no 7;no 7;no 7;");
    CHECK(sim.stat("accepted") == 2);
    CHECK(ask("/together", "1 a\n2 c") == "3;4;");
    CHECK(sim.stat("submits") == 8);
    sim.command("fault reset-before-response:once");
    CHECK(ask("/apart", "1 a\n2 c") == "none"); // once for both
    CHECK(sim.stat("accepted") == 6);
}

TEST_CASE(
    "simulator: receipts share a call, texts from phones have their own, and all come again") {
    http_server listener([](auto&, auto n) { return http_server::with(n == 0 ? 503 : 200, ""); });
    options o;
    o.calls = read_callback_url(listener.url() + "/x");
    o.receipt_delay = std::chrono::milliseconds(20); // so that all are due at once
    carrier sim(o);
    posthorn::simulated::http_client us(sim.port());
    std::string texts;
    for (int i = 0; i < 12; ++i) // more than its connections can call about one by one
        texts += "1 a\n";
    us.ask("POST /apart", "", texts);
    REQUIRE(sim.comes_to("receipts_answered", 12));
    std::ptrdiff_t all = 0;
    const auto bodies = listener.bodies();
    for (const auto& body : bodies) {
        const auto items = std::ranges::count(body, ';');
        CHECK(items <= 3);
        all += items;
    }
    const auto again = std::ranges::count(bodies[0], ';');
    CHECK(sim.stat("receipts_deferred") == again);
    CHECK(all == 12 + again);
    CHECK(bodies.size() < 12);
    CHECK(sim.command("mo 1 2 hello") == "ok");
    REQUIRE(sim.comes_to("mo_answered", 1));
    CHECK(listener.bodies().back() == "phone hello;");
}

} // namespace http_simulator_test
