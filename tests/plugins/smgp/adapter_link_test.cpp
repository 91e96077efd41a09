// An SMGP link from login to Exit.
#include "plugins/smgp/adapter_fixture.hpp"

namespace adapter_link_test {

using namespace posthorn;
using namespace posthorn::tests;

TEST_CASE_FIXTURE(smgp_fixture,
                  "smgp adapter: logs in by the recorded digest and opens its window") {
    const auto request = answer(login_came());
    CHECK(request.client_id == "12345678");
    CHECK(request.login_mode == smgp::login_mode::both);
    CHECK(request.client_version == 0x30);
    CHECK(request.timestamp == 1220080000); // the fake host's now, in China
    CHECK(request.authenticator ==
          smgp::octets_of(smgp::authenticator_client("12345678", "telecom", 1220080000)));
    host.until([&] { return host.open_slots > 0; });
    CHECK(host.open_slots == 16);
    CHECK(host.logged("logged in host=127.0.0.1"));
    CHECK(host.logged("version=3.0"));
    CHECK(!host.logged("telecom"));
    CHECK(!host.logged("does not prove"));
    CHECK((*adapter)->one_link());
    CHECK((*adapter)->carries().alphabet == sdk::alphabet::ascii);
}

TEST_CASE_FIXTURE(smgp_fixture,
                  "smgp adapter: a pair sends over one connection and hears over another") {
    text("login_mode", "pair");
    start();
    until_came(command::login, 2);
    std::size_t sender = SIZE_MAX, receiver = SIZE_MAX;
    for (std::size_t i = 0; i < 2; ++i) {
        const auto asked = peer.take(command::login);
        peer.talk_to = asked.link;
        const auto mode = answer(asked).login_mode;
        (mode == smgp::login_mode::send ? sender : receiver) = asked.link;
    }
    CHECK(sender != receiver);
    host.until([&] { return host.why.find("2 of 2 links") != std::string::npos; });
    CHECK(host.open_slots == 16);
    CHECK(!(*adapter)->one_link());
    submit(1);
    until_came(command::submit);
    CHECK(peer.take(command::submit).link == sender);
}

TEST_CASE_FIXTURE(smgp_fixture,
                  "smgp adapter: a refused login is told once and without the secret") {
    const auto asked = login_came();
    peer.send(command::login_resp, asked.head.sequence, smgp::login_resp{.status = 21});
    host.until([&] { return host.logged("Login refused"); });
    CHECK(host.logged("21 authentication error"));
    CHECK(host.logged("check client_id, secret and the address"));
    CHECK(host.why.find("next try in 300 s") != std::string::npos);
    CHECK(!host.logged("telecom"));
    CHECK(host.open_slots == 0);
}

TEST_CASE_FIXTURE(smgp_fixture,
                  "smgp adapter: a busy gateway is asked again, one that sees us already later") {
    SUBCASE("busy") {
        answer(login_came(), 1);
        answer(login_came()); // at once: the fake host's jitter is 0
        host.until([&] { return host.open_slots > 0; });
        CHECK(peer.connections == 2);
    }
    SUBCASE("too many connections") {
        answer(login_came(), 2);
        host.until([&] { return host.why.find("next try in 30 s") != std::string::npos; });
    }
}

TEST_CASE_FIXTURE(smgp_fixture,
                  "smgp adapter: what a gateway without the secret gets, by verify_server") {
    const auto impostor = [&] {
        const auto asked = login_came();
        peer.send(command::login_resp, asked.head.sequence,
                  smgp::login_resp{.authenticator = "0123456789abcdef"});
    };
    SUBCASE("warn") {
        impostor();
        host.until([&] { return host.open_slots > 0; });
        CHECK(host.logged("does not prove that it knows the secret"));
    }
    SUBCASE("off") {
        text("verify_server", "off");
        impostor();
        host.until([&] { return host.open_slots > 0; });
        CHECK(!host.logged("does not prove"));
    }
    SUBCASE("strict") {
        text("verify_server", "strict");
        impostor();
        host.until([&] { return host.logged("Login refused"); });
        CHECK(host.open_slots == 0);
    }
}

TEST_CASE_FIXTURE(smgp_fixture,
                  "smgp adapter: tests a silent link, closes a dead one, answers tests") {
    duration("active_test", 20ms);
    log_in();
    sync();
    until_came(command::active_test);
    peer.send(command::active_test_resp, peer.take(command::active_test).head.sequence);
    host.until([&] { return peer.closings == 1; });
    CHECK(host.logged("two Active_Test without an answer"));
}

TEST_CASE_FIXTURE(smgp_fixture, "smgp adapter: connects again after a lost link") {
    log_in();
    peer.close();
    host.until([&] { return host.open_slots == 0; });
    log_in();
    submit(1);
    answer(submits(1)[0], 0);
    until_given(1);
    CHECK(host.given[1].what == kind::accepted);
}

TEST_CASE_FIXTURE(smgp_fixture,
                  "smgp adapter: answers Exit when what is under way has its answers") {
    log_in();
    submit(1);
    const auto sequence = submits(1)[0];
    peer.send(command::exit, 78);
    host.until([&] { return host.open_slots == 0; });
    sync();
    CHECK(!peer.has(command::exit_resp));
    answer(sequence, 0);
    until_came(command::exit_resp);
    CHECK(peer.take(command::exit_resp).head.sequence == 78);
    CHECK(host.given[1].what == kind::accepted);
    host.until([&] { return peer.closings == 1; });
    log_in();
}

TEST_CASE_FIXTURE(smgp_fixture, "smgp adapter: stop waits for answers, says Exit and ends") {
    log_in();
    submit(1);
    const auto sequence = submits(1)[0];
    (*adapter)->stop();
    CHECK(host.open_slots == 0);
    sync();
    CHECK(!peer.has(command::exit));
    answer(sequence, 0);
    until_came(command::exit);
    peer.send(command::exit_resp, peer.take(command::exit).head.sequence);
    host.until([&] { return adapter->ended; });
    CHECK(!adapter->failed);
    CHECK(host.given[1].what == kind::accepted);
}

TEST_CASE_FIXTURE(smgp_fixture,
                  "smgp adapter: octets of a stranger end the link and reserve nothing") {
    struct row {
        const char* octets;
        std::size_t size;
    };
    for (const auto& row : {row{"GET / HTTP/1.1\r\n\r\n", 18}, row{"\0\0\0\x0b\0\0\0\4\0\0\0", 11},
                            row{"\x7f\xff\xff\xff\0\0\0\4\0\0\0\1", 12}}) {
        log_in();
        const auto before = peer.closings;
        peer.send(std::string_view(row.octets, row.size));
        host.until([&] { return peer.closings > before; });
        CHECK(host.logged("not SMGP"));
        host.logs.clear();
    }
}

TEST_CASE_FIXTURE(smgp_fixture,
                  "smgp adapter: takes a packet octet by octet, and not half of one for long") {
    duration("inactivity", 20ms);
    log_in();
    std::string out;
    smgp::encode_header(out, command::active_test, 5);
    for (const char c : out) {
        peer.send(std::string_view(&c, 1));
        host.settle();
    }
    until_came(command::active_test_resp);
    CHECK(peer.take(command::active_test_resp).head.sequence == 5);
    peer.send(std::string_view(out).substr(0, 7));
    host.until([&] { return peer.closings == 1; });
    CHECK(host.logged("stopped inside a packet"));
}

TEST_CASE_FIXTURE(smgp_fixture, "smgp adapter: nobody can take a text back, or ask about one") {
    log_in();
    std::string cancelled, told;
    (*adapter)->cancel({}, [&](const auto& c) {
        CHECK(c.what == sdk::cancellation::kind::cannot);
        cancelled = c.code;
    });
    (*adapter)->query({}, [&](const auto& i) {
        CHECK(i.what == sdk::inquiry::kind::cannot);
        told = i.code;
    });
    CHECK(cancelled == "SMGP has no way to take a text back");
    CHECK(told == "SMGP has no way to ask about a text");
    bool answered = false;
    (*adapter)->probe([&](const sdk::finding& f) { answered = f.answered; });
    until_came(command::active_test);
    peer.send(command::active_test_resp, peer.take(command::active_test).head.sequence);
    host.until([&] { return answered; });
}

} // namespace adapter_link_test
