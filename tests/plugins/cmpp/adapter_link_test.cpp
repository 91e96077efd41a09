// Login, tests of the link, its ends, and what strangers may do to it.
#include "plugins/cmpp/adapter_fixture.hpp"

#include <random>

namespace adapter_link_test {

using namespace posthorn;
using namespace posthorn::tests;

TEST_CASE("cmpp adapter: a login proves that we know the secret, by China's clock") {
    struct row {
        const char* source;
        int pad;
        const char* hashed; // as the gateway does
    };
    for (const auto& r :
         {row{"901234", 0, "901234"}, row{"9012", 0, "9012"}, row{"9012", 1, "9012\0"}}) {
        cmpp_fixture f;
        f.text("source_addr", r.source);
        f.number("auth_pad_source", r.pad);
        f.start();
        f.until_came(command::connect);
        const auto& asked = f.peer.read<cmpp::connect>(f.peer.take());
        CHECK(asked.source_addr == r.source);
        CHECK(asked.version == 0x30);
        CHECK(asked.timestamp == 1220080000); // 2019-12-20 08:00 there
        CHECK(asked.authenticator == cmpp::octets_of(cmpp::authenticator_source(
                                         r.source, "shared", asked.timestamp, r.pad != 0)));
    }
}

TEST_CASE("cmpp adapter: logged in, and what the link is, in both versions") {
    for (const auto as : {cmpp::dialect::v20, cmpp::dialect::v30}) {
        cmpp_fixture f;
        f.speak(as);
        f.log_in();
        CHECK(f.host.logged("logged in host=127.0.0.1"));
        CHECK(!f.host.logged("AuthenticatorISMG"));
        CHECK(!f.host.logged("shared")); // the secret
        std::optional<sdk::finding> found;
        (*f.adapter)->probe([&](sdk::finding x) { found = std::move(x); });
        f.until_came(command::active_test);
        f.peer.send(command::active_test_resp, f.peer.take().head.sequence);
        f.host.until([&] { return found.has_value(); });
        CHECK(found->answered);
        CHECK(found->learned.at(1).second == (as == cmpp::dialect::v20 ? "2.0" : "3.0"));
    }
}

TEST_CASE("cmpp adapter: a gateway that proves nothing is told of, or refused") {
    for (const auto* check : {"off", "warn", "strict"}) {
        CAPTURE(check);
        cmpp_fixture f;
        f.text("verify_ismg", check);
        f.start();
        f.answer_login(0, std::string(16, 'x'));
        const bool strict = check == "strict"sv;
        f.host.until(
            [&] { return strict ? f.host.logged("login refused") : f.host.open_slots > 0; });
        CHECK(f.host.logged("AuthenticatorISMG is wrong") == (check == "warn"sv));
    }
}

TEST_CASE("cmpp adapter: a refused login needs a person, or patience") {
    struct row {
        std::uint32_t status;
        const char* word;
        bool person;
    };
    for (const auto& r :
         {row{3, "3 authentication error", true}, row{2, "2 illegal source address", true},
          row{5, "5 other error", false}, row{99, "99", false}}) {
        CAPTURE(r.word);
        cmpp_fixture f;
        f.start();
        f.answer_login(r.status);
        f.host.until([&] { return f.host.logged(r.person ? "login refused host" : "down host"); });
        CHECK(f.host.logged(r.word));
        if (r.person)
            CHECK(f.host.why.find("next try in 300 s") != std::string::npos);
    }
}

TEST_CASE_FIXTURE(cmpp_fixture,
                  "cmpp adapter: a gateway that knows only 2.0 is spoken to in that") {
    start();
    answer_login(4, {}, 0x20);
    peer.as = cmpp::dialect::v20;
    until_came(command::connect);
    CHECK(cmpp::read_header(peer.pdus.front().octets).length == 39);
    answer_login(0);
    host.until([&] { return host.open_slots > 0; });
    CHECK(host.logged("the gateway knows CMPP 2.0"));
    submit(1);
    answer(submits(1)[0], 0, 5); // of 21 octets
    until_given(1);
    CHECK(host.given[1].ref == "5");
    CHECK((*adapter)->learned().at(0).first == "version");
}

TEST_CASE_FIXTURE(cmpp_fixture,
                  "cmpp adapter: a silent link is tested, and closed at the second silence") {
    duration("active_test", 30ms);
    log_in();
    until_came(command::active_test);
    const auto first = peer.take(command::active_test).head.sequence;
    peer.send(command::active_test_resp, first);
    until_came(command::active_test, 2); // no answer to either
    host.until([&] { return host.logged("two ACTIVE_TEST without an answer"); });
    host.until([&] { return peer.connections == 2; });
}

TEST_CASE_FIXTURE(cmpp_fixture,
                  "cmpp adapter: the gateway's ACTIVE_TEST is answered with 13 octets") {
    log_in();
    peer.send(command::active_test, 0x12345678);
    until_came(command::active_test_resp);
    const auto answer = peer.take();
    CHECK(answer.head.sequence == 0x12345678);
    CHECK(answer.octets.size() == 13);
}

TEST_CASE_FIXTURE(cmpp_fixture,
                  "cmpp adapter: the gateway's TERMINATE waits for what is under way") {
    log_in();
    submit(1);
    const auto sequence = submits(1)[0];
    peer.send(command::terminate, 99);
    host.until([&] { return host.open_slots == 0; });
    CHECK(!peer.has(command::terminate_resp));
    answer(sequence, 0, 5);
    until_came(command::terminate_resp);
    CHECK(peer.take(command::terminate_resp).head.sequence == 99);
    CHECK(host.given[1].what == kind::accepted);
    host.until([&] { return peer.connections == 2; });
}

TEST_CASE_FIXTURE(cmpp_fixture, "cmpp adapter: stopped, it waits for answers and says TERMINATE") {
    log_in();
    submit(1);
    const auto sequence = submits(1)[0];
    (*adapter)->stop();
    CHECK(host.open_slots == 0);
    host.settle();
    CHECK(!peer.has(command::terminate));
    answer(sequence, 0, 5);
    until_came(command::terminate);
    peer.send(command::terminate_resp, peer.take(command::terminate).head.sequence);
    host.until([&] { return adapter->ended; });
    CHECK(host.given[1].ref == "5");
}

TEST_CASE_FIXTURE(cmpp_fixture, "cmpp adapter: several links, and what leaves over which") {
    number("links", 2);
    number("window", 2);
    start();
    for (unsigned n = 1; n <= 2; ++n) {
        until_came(command::connect);
        peer.talk_to = peer.pdus.front().link;
        answer_login(0);
        host.until([&] { return host.open_slots == 2 * n; });
    }
    CHECK(!(*adapter)->one_link());
    submit(1, 4);
    CHECK(host.given.empty());
    until_came(command::submit, 4);
    std::map<std::size_t, int> on;
    for (const auto& p : peer.pdus)
        ++on[p.link];
    CHECK(on[0] == 2);
    CHECK(on[1] == 2);
}

TEST_CASE("cmpp adapter: strangers on the port end the link, and say what they are") {
    struct row {
        std::string octets;
        const char* word;
    };
    for (const auto& r : {row{"HTTP/1.1 400 Bad Request\r\n", "an HTTP server answers here"},
                          row{"\x16\x03\x01\x02\x00"s, "TLS handshake"},
                          row{"\x00\x00\x00\x0B\x00\x00\x00\x08"s, "Total_Length is 11"},
                          row{"\x00\x01\x00\x00\x00\x00\x00\x08"s, "Total_Length is 65536"}}) {
        CAPTURE(r.word);
        cmpp_fixture f;
        f.log_in();
        f.peer.send(r.octets);
        f.host.until([&] { return f.host.logged(r.word); });
        CHECK(!f.host.logged("say tls")); // there is no such option
    }
}

TEST_CASE(
    "cmpp adapter: whatever a gateway sends, every unit has one verdict and no text is lost") {
    std::mt19937 random(7);
    for (int round = 0; round < 60; ++round) {
        CAPTURE(round);
        cmpp_fixture f;
        f.log_in();
        f.submit(1, 3);
        f.until_came(command::submit, 3);
        const auto sequence = f.peer.take().head.sequence;
        // A packet with a header that is right, of a body that is not.
        constexpr std::uint32_t ids[] = {
            1, 2, 4, 5, 6, 7, 8, 9, 0x80000001, 0x80000004, 0x80000005, 0x80000007, 0x80000008};
        std::string body(random() % 200, '\0');
        for (auto& c : body)
            c = static_cast<char>(random());
        std::string packet;
        for (const std::uint32_t n : {static_cast<std::uint32_t>(12 + body.size()),
                                      ids[random() % std::size(ids)], sequence})
            for (const unsigned shift : {24U, 16U, 8U, 0U})
                packet += static_cast<char>(n >> shift);
        f.peer.send(packet + body);
        f.host.settle();
        f.peer.close();
        f.until_given(3);
    }
}

} // namespace adapter_link_test
