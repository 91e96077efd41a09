// The simulated gateway as an SP meets it: over the link it dials, and the one it is dialled on.
#include "loopback_listener.hpp"
#include "plugins/simulated.hpp"
#include "recorded.hpp"

#include "sgip/simulator/server.hpp"

#include <doctest/doctest.h>

#include <memory>
#include <string>
#include <string_view>
#include <utility>

namespace simulator_test {

using namespace posthorn::sgip;
using posthorn::sgip::bind; // not that of sockets
namespace vectors = posthorn::vectors;
using carrier = posthorn::simulated::carrier<simulator::server, simulator::options>;

namespace {

std::string recorded(std::string_view id) {
    const auto all = vectors::read("plugins/sgip/vectors/sgip12.json");
    for (const auto& v : all.at("vectors").as_array())
        if (v.at("id").as_string() == id)
            return vectors::octets_of(v.at("hex").as_string());
    FAIL("no vector " << id);
    return {};
}

/// The packet with the octets its views point into.
struct held {
    std::string octets;
    pdu p;

    template <class Body>
    const Body& as() const {
        return std::get<Body>(p.body);
    }
    unsigned result() const { return as<answer>().result; }
};

class client : public posthorn::simulated::packet_stream {
public:
    template <class Where>
    explicit client(Where where) : packet_stream(where, frame) {}

    std::unique_ptr<held> next() {
        auto out = std::make_unique<held>();
        out->octets = next_octets();
        if (out->octets.empty())
            return nullptr;
        if (decode(out->octets, out->p))
            throw std::runtime_error("the simulator sent what cannot be decoded");
        return out;
    }
    void say(command id, const body& what, const sequence& number) {
        pdu p;
        p.head.id = id;
        p.head.sequence = number;
        p.body = what;
        std::string octets;
        encode(octets, p);
        send(octets);
    }
    sequence number() { return {3010012345, 1122093045, ++count_}; }
    unsigned log_in(std::string_view password = "secret", login_type as = login_type::from_sp) {
        say(command::bind,
            bind{.login_type = as, .login_name = "sp901234", .login_password = password}, number());
        return next()->result();
    }
    sequence submit(std::string_view to, std::string_view text, std::uint8_t report_flag = 1) {
        const auto made = number();
        say(command::submit,
            sgip_submit{.sp_number = "10690000",
                        .users = {to},
                        .report_flag = report_flag,
                        .content = text},
            made);
        return made;
    }
    void answer_to(const held& asked, std::uint8_t result = 0) {
        say(response_to(asked.p.head.id), posthorn::sgip::answer{.result = result},
            asked.p.head.sequence);
    }

private:
    using sgip_submit = posthorn::sgip::submit;

    std::uint32_t count_ = 0;
};

simulator::options over_link() {
    simulator::options chosen;
    chosen.report_over_link = true;
    return chosen;
}

// A gateway that reports over the client's own link, with one fault that strikes once.
struct faulty {
    explicit faulty(const std::string& kind)
        : gateway([&] {
              auto chosen = over_link();
              chosen.fault_list = {kind + ":once"};
              return chosen;
          }()),
          link(gateway.port()) {
        REQUIRE(link.log_in() == 0);
    }
    carrier gateway;
    client link;
};

} // namespace

TEST_CASE("sgip simulator: recorded packets of an SP get their answers") {
    simulator::options chosen;
    chosen.user = "sp901234";
    chosen.password = "secret";
    carrier gateway(chosen);
    client link(gateway.port());
    link.send(recorded("BIND"));
    CHECK(vectors::hex_of(link.next_octets()) == vectors::hex_of(recorded("BIND_RESP")));
    for (const auto* id : {"SUBMIT_gbk", "SUBMIT_ucs2", "SUBMIT_long_1of2"}) {
        CAPTURE(id);
        const auto asked = recorded(id);
        link.send(asked);
        const auto response = link.next();
        CHECK(response->octets.size() == 29);
        CHECK(response->octets.substr(8, 12) == asked.substr(8, 12));
        CHECK(response->result() == 0);
        link.send(asked); // the number of a text is its name: nobody may use it again
        CHECK(link.next()->result() == 9);
    }
    link.send(recorded("SUBMIT_2users"));
    CHECK(link.next()->result() == 5);
    link.send(recorded("UNBIND"));
    CHECK(link.next()->p.head.id == command::unbind_resp);
    CHECK(!link.next());
}

TEST_CASE("sgip simulator: a login is refused by its type, name or password") {
    simulator::options chosen;
    chosen.user = "sp901234";
    chosen.password = "secret";
    carrier gateway(chosen);
    CHECK(client(gateway.port()).log_in("secret", login_type::from_smg) == 4);
    client wrong(gateway.port());
    CHECK(wrong.log_in("guessed") == 1);
    CHECK(!wrong.next());
    CHECK(client(gateway.port()).log_in() == 0);
    client early(gateway.port());
    early.submit("8613000000000", "x");
    CHECK(early.next()->result() == 1);
}

TEST_CASE("sgip simulator: it dials the client's listener and reports there, again after a loss") {
    loopback_listener listener;
    simulator::options chosen;
    REQUIRE(!set_report_to(chosen, "127.0.0.1:" + std::to_string(listener.port())));
    chosen.report_user = "smg";
    chosen.report_password = "word";
    carrier gateway(chosen);
    client link(gateway.port());
    REQUIRE(link.log_in() == 0);
    const auto number = link.submit("8613000000000", "x");
    CHECK(link.next()->result() == 0);
    for (int i = 0; i < 2; ++i) {
        client taken(posthorn::simulated::accepted{listener.accept()});
        const auto bound = taken.next();
        CHECK(bound->as<bind>().login_type == login_type::from_smg);
        CHECK(bound->as<bind>().login_name == "smg");
        CHECK(bound->as<bind>().login_password == "word");
        taken.answer_to(*bound);
        const auto report = taken.next();
        CHECK(report->as<posthorn::sgip::report>().submit == number);
        CHECK(report->as<posthorn::sgip::report>().user_number == "8613000000000");
        CHECK(report->p.head.sequence.node == chosen.node);
        if (i == 0)
            continue; // not answered: it comes again
        taken.answer_to(*report);
        CHECK(gateway.comes_to("receipts_answered", 1));
        CHECK(gateway.command("mo 8613000000000 10690000 退订") == "ok");
        const auto text = taken.next();
        CHECK(text->as<deliver>().message_coding == 8);
        CHECK(text->as<deliver>().sp_number == "10690000");
        taken.answer_to(*text);
        CHECK(gateway.comes_to("mo_answered", 1));
    }
}

TEST_CASE("sgip simulator: states and errors of reports, and those who want none") {
    const std::pair<const char*, std::pair<unsigned, unsigned>> rows[] = {{"delivered", {0, 0}},
                                                                          {"undelivered", {2, 25}},
                                                                          {"expired", {2, 21}},
                                                                          {"accepted", {1, 0}}};
    for (const auto& [word, expected] : rows) {
        CAPTURE(word);
        auto chosen = over_link();
        chosen.suffixes = {std::string("1=") + word};
        carrier gateway(chosen);
        client link(gateway.port());
        REQUIRE(link.log_in() == 0);
        link.submit("8613000000001", "x");
        CHECK(link.next()->result() == 0);
        const auto report = link.next();
        CHECK(report->as<posthorn::sgip::report>().state == expected.first);
        CHECK(report->as<posthorn::sgip::report>().error_code == expected.second);
        link.answer_to(*report);
        link.submit("8613000000001", "y", 2);
        CHECK(link.next()->result() == 0);
        link.submit("8613000000001", "z", 0); // only of failures
        CHECK(link.next()->result() == 0);
        CHECK(gateway.stat("receipts_made") == (expected.first == 2 ? 2 : 1));
    }
}

TEST_CASE("sgip simulator: where to report is a host and a port, or the link") {
    simulator::options chosen;
    for (const char* wrong : {"", "host", ":8801", "host:", "host:0", "host:70000", "host:x"}) {
        CAPTURE(wrong);
        CHECK(set_report_to(chosen, wrong).has_value());
    }
    CHECK(!set_report_to(chosen, "link"));
    CHECK(chosen.report_over_link);
    CHECK(!set_report_to(chosen, "sp.example:8802"));
    CHECK(!chosen.report_over_link);
    CHECK(chosen.report_port == "8802");
}

TEST_CASE("sgip simulator: an idle link is closed when it shall be") {
    simulator::options chosen;
    chosen.link_test = std::chrono::milliseconds(50);
    carrier gateway(chosen);
    client link(gateway.port());
    REQUIRE(link.log_in() == 0);
    CHECK(!link.next());
    CHECK(gateway.comes_to("links", 0));
}

TEST_CASE("sgip simulator: throttle is \"node busy\", and reports come early, twice, never or not "
          "until a bind") {
    {
        faulty f("throttle");
        for (const unsigned expected : {11U, 0U}) {
            f.link.submit("8613000000001", "x", 2);
            CHECK(f.link.next()->result() == expected);
        }
    }
    {
        faulty f("early-receipt");
        const auto number = f.link.submit("8613000000001", "x");
        CHECK(f.link.next()->as<posthorn::sgip::report>().submit == number);
        CHECK(f.link.next()->p.head.id == command::submit_resp);
    }
    {
        faulty f("duplicate-receipt");
        const auto number = f.link.submit("8613000000001", "x");
        CHECK(f.link.next()->result() == 0);
        CHECK(f.link.next()->as<posthorn::sgip::report>().submit == number);
        CHECK(f.link.next()->as<posthorn::sgip::report>().submit == number);
    }
    {
        faulty f("missing-receipt");
        f.link.submit("8613000000001", "x");
        CHECK(f.link.next()->result() == 0);
        CHECK(f.gateway.stat("receipts_made") == 0);
    }
    {
        faulty f("receipts-stop");
        const auto number = f.link.submit("8613000000001", "x");
        CHECK(f.link.next()->result() == 0);
        CHECK(f.gateway.stat("receipts_sent") == 0);
        client again(f.gateway.port());
        REQUIRE(again.log_in() == 0);
        f.link.hang_up();
        CHECK(f.gateway.comes_to("links", 1));
        CHECK(again.next()->as<posthorn::sgip::report>().submit == number);
    }
}

TEST_CASE("sgip simulator: links die before and after the answer, half way and in garbage") {
    {
        faulty f("reset-before-response");
        f.link.submit("8613000000001", "in doubt", 2);
        CHECK(!f.link.next());
        CHECK(f.gateway.stat("accepted") == 1);
    }
    {
        faulty f("reset-after-response");
        f.link.submit("8613000000001", "x", 2);
        CHECK(f.link.next()->result() == 0);
        CHECK(!f.link.next());
    }
    {
        faulty f("garbage");
        f.link.submit("8613000000001", "x", 2);
        CHECK_THROWS(f.link.next());
    }
    {
        faulty f("wrong-sequence");
        const auto number = f.link.submit("8613000000001", "x", 2);
        CHECK(f.link.next()->p.head.sequence.count == number.count + 0x01000000);
    }
    {
        faulty f("half-open");
        f.link.submit("8613000000001", "x");
        f.link.submit("8613000000001", "x");
        CHECK(f.gateway.comes_to("pdus_in", 3));
        CHECK(f.link.nothing_came());
        CHECK(f.gateway.stat("accepted") == 0);
    }
    {
        carrier gateway;
        client stranger(gateway.port());
        stranger.send("GET / HTTP/1.1\r\n\r\n");
        CHECK(!stranger.next());
    }
}

} // namespace simulator_test
