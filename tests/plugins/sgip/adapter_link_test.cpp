// How connections begin and end, and what is in doubt meanwhile.
#include "plugins/sgip/adapter_fixture.hpp"

namespace adapter_link_test {

using namespace posthorn;
using namespace posthorn::tests;

TEST_CASE_FIXTURE(sgip_fixture, "sgip adapter: it binds with the account's name and password") {
    start();
    until_came(command::bind);
    const auto packet = peer.pdus.front();
    CHECK(packet.head.sequence.node == 3010012345);
    const auto& b = peer.read<sgip::bind>(packet);
    CHECK(b.login_type == sgip::login_type::from_sp);
    CHECK(b.login_name == "sp901234");
    CHECK(b.login_password == "secret");
    bind();
    CHECK(host.open_slots == 32);
    CHECK(!host.logged("secret"));
}

TEST_CASE("sgip adapter: a BIND that is refused is for a person, or tried again") {
    struct row {
        std::uint8_t result;
        sdk::level level;
        const char* told;
    };
    for (const auto& r : {row{1, sdk::level::error, "check login_name, login_password and node_id"},
                          row{4, sdk::level::error, "result 4 (login type error)"},
                          row{3, sdk::level::warn, "too many connections"},
                          row{11, sdk::level::warn, "node busy"}}) {
        CAPTURE(r.result);
        sgip_fixture f;
        f.start();
        f.answer_bind(r.result);
        f.host.until([&] { return f.host.logged(r.told); });
        for (const auto& line : f.host.logs)
            if (line.text.find(r.told) != std::string::npos)
                CHECK(line.level == r.level);
        CHECK(f.host.open_slots == 0);
    }
}

TEST_CASE_FIXTURE(
    sgip_fixture,
    "sgip adapter: a connection without work is opened anew before the carrier closes "
    "it") {
    duration("idle_close", 20ms);
    bind();
    submit(1);
    answer(submits(1)[0], 0);
    until_given(1);
    until_came(command::unbind);
    peer.send(command::unbind_resp, peer.take(command::unbind).head.sequence);
    host.until([&] { return host.open_slots == 0; });
    bind();
    for (const auto& line : host.logs)
        CHECK(line.level != sdk::level::warn);
}

TEST_CASE_FIXTURE(sgip_fixture, "sgip adapter: while a text waits for its answer nothing is idle") {
    duration("idle_close", 1ms);
    bind();
    submit(1);
    const auto number = submits(1)[0];
    sync();
    sync();
    answer(number, 0);
    until_given(1);
    CHECK(host.given[1].what == kind::accepted);
    until_came(command::unbind);
}

TEST_CASE_FIXTURE(sgip_fixture,
                  "sgip adapter: a carrier that closes for want of work does no harm") {
    bind();
    peer.close();
    host.until([&] { return host.open_slots == 0; });
    bind();
    for (const auto& line : host.logs)
        CHECK(line.level != sdk::level::warn);
}

TEST_CASE_FIXTURE(sgip_fixture, "sgip adapter: the carrier's UNBIND is answered, on either side") {
    bind();
    const auto said = peer.ask(command::unbind);
    until_came(command::unbind_resp);
    CHECK(peer.take(command::unbind_resp).head.sequence == said);
    bind();
    call();
    peer.ask(command::unbind);
    until_came(command::unbind_resp);
    host.until([&] { return host.why.find("0 connections from") != std::string::npos; });
    CHECK(host.open_slots == 32);
}

TEST_CASE_FIXTURE(sgip_fixture,
                  "sgip adapter: a text without an answer is settled by the report that names it") {
    duration("response_timeout", 20ms);
    duration("idle_close", 0s);
    bind();
    submit(1);
    const auto number = submits(1)[0];
    until_given(1);
    CHECK(host.given[1].what == kind::uncertain);
    call();
    report(number, 2, 27);
    host.until([&] { return host.receipts.size() == 1; });
    REQUIRE(host.late.size() == 1); // before the receipt
    CHECK(host.late[0].handle == 1);
    CHECK(host.late[0].what == kind::accepted);
    CHECK(host.late[0].ref == host.receipts[0].ref);
    report(number, 2, 27); // once more
    host.until([&] { return host.receipts.size() == 2; });
    CHECK(host.late.size() == 1);
    REQUIRE((*adapter)->learned().size() == 1);
    CHECK((*adapter)->learned()[0].second == "1");
}

TEST_CASE_FIXTURE(sgip_fixture, "sgip adapter: so is one whose connection was lost") {
    bind();
    submit(1);
    const auto number = submits(1)[0];
    peer.reset();
    until_given(1);
    CHECK(host.given[1].what == kind::uncertain);
    bind();
    call();
    report(number, 0);
    host.until([&] { return host.receipts.size() == 1; });
    REQUIRE(host.late.size() == 1);
    CHECK(host.late[0].what == kind::accepted);
    CHECK(host.late[0].ref == text_of(number));
}

TEST_CASE_FIXTURE(sgip_fixture, "sgip adapter: a report before the answer is only a report") {
    bind();
    submit(1);
    const auto number = submits(1)[0];
    report(number, 0);
    host.until([&] { return host.receipts.size() == 1; });
    answer(number, 0);
    until_given(1);
    CHECK(host.given[1].what == kind::accepted);
    CHECK(host.given[1].ref == host.receipts[0].ref);
    CHECK(host.late.empty());
}

TEST_CASE_FIXTURE(sgip_fixture, "sgip adapter: an answer that comes late after all is told once") {
    duration("response_timeout", 20ms);
    duration("idle_close", 0s);
    number("window", 2); // one overdue text does not end the session
    bind();
    submit(1);
    const auto number = submits(1)[0];
    until_given(1);
    answer(number, 0);
    host.until([&] { return host.late.size() == 1; });
    report(number, 0);
    host.until([&] { return host.receipts.size() == 1; });
    CHECK(host.late.size() == 1);
    CHECK((*adapter)->learned().empty());
}

TEST_CASE_FIXTURE(sgip_fixture, "sgip adapter: it stops when all is answered and stored") {
    bind();
    const auto ours = peer.talk_to;
    call();
    report({1, 2, 3}, 0);
    host.until([&] { return host.receipts.size() == 1; });
    submit(1);
    const auto number = submits(1)[0];
    (*adapter)->stop();
    host.settle();
    CHECK(!peer.has(command::unbind));
    store();
    until_came(command::report_resp);
    until_came(command::unbind); // of the carrier's connection
    peer.send(command::unbind_resp, peer.take(command::unbind).head.sequence);
    peer.talk_to = ours;
    answer(number, 0);
    until_given(1);
    CHECK(host.given[1].what == kind::accepted);
    until_came(command::unbind);
    peer.send(command::unbind_resp, peer.take(command::unbind).head.sequence);
    host.until([&] { return adapter->ended; });
    CHECK(!adapter->failed);
}

TEST_CASE_FIXTURE(sgip_fixture,
                  "sgip adapter: nobody can call where nobody listens, and it says so") {
    text("listen_address", "");
    bind();
    CHECK(host.logged("no listen_address"));
    CHECK(!host.logged("listening"));
}

TEST_CASE_FIXTURE(sgip_fixture, "sgip adapter: a trial of the link tells what is known of it") {
    bind();
    sdk::finding found;
    (*adapter)->probe([&](sdk::finding f) { found = std::move(f); });
    CHECK(found.answered);
    REQUIRE(!found.learned.empty());
    CHECK(found.learned[0].second == "3010012345");
    sdk::cancellation cancelled;
    (*adapter)->cancel({}, [&](sdk::cancellation c) { cancelled = std::move(c); });
    CHECK(cancelled.what == sdk::cancellation::kind::cannot);
}

} // namespace adapter_link_test
