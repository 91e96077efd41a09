// Several links of one account, transmitter and receiver, and the carrier that dials us.
#include "plugins/smpp/adapter_fixture.hpp"

#include <set>

namespace adapter_links_test {

using namespace posthorn;
using namespace posthorn::tests;

namespace {

std::string text_from_a_phone() {
    smpp::sm body;
    body.source = {1, 1, "8613800138000"};
    body.destination = {1, 1, "10690000"};
    body.short_message = "YE";
    std::string out;
    smpp::encode_sm(out, command::deliver_sm, 78, body);
    return out;
}

struct links_fixture : smpp_fixture {
    // Takes the next bind of this kind; returns its connection.
    std::size_t take_bind(command id) {
        host.until([&] { return smsc.has(id); });
        const auto request = smsc.take(id);
        smsc.talk_to = request.link;
        smsc.accept_bind(request.head.sequence, 0x34, id);
        return request.link;
    }
    void slots(unsigned wanted) {
        host.until([&] { return host.open_slots == wanted; });
    }
    void answer_all(std::size_t count) {
        for (std::size_t i = 0; i < count; ++i) {
            host.until([&] { return smsc.has(command::submit_sm); });
            const auto p = smsc.take(command::submit_sm);
            seen.insert(p.link);
            smsc.talk_to = p.link;
            answer(p.head.sequence, status::ok, std::to_string(p.head.sequence));
        }
    }
    // Over the connection `smsc` talks to. It is not acknowledged.
    void bring_text() {
        const auto before = host.texts.size();
        smsc.send(text_from_a_phone());
        host.until([&] { return host.texts.size() > before; });
    }
    std::set<std::size_t> seen; // connections that submits came over
};

} // namespace

TEST_CASE_FIXTURE(links_fixture, "smpp adapter: several links, and the slots are their sum") {
    number("links", 3);
    number("window", 2);
    start();
    take_bind(command::bind_transceiver);
    slots(2);
    CHECK(host.why.starts_with("1 of 3 links bound to 127.0.0.1:"));
    CHECK(host.why.find("link 2: ") != std::string::npos);
    take_bind(command::bind_transceiver);
    take_bind(command::bind_transceiver);
    slots(6);
    submit(1, 6);
    CHECK(host.given.empty());
    submit(7); // the sum of the windows is full
    CHECK(host.given[7].what == kind::deferred);
    answer_all(6);
    until_given(7);
    CHECK(seen.size() == 3);
    for (std::uint64_t handle = 1; handle <= 6; ++handle)
        CHECK(host.given[handle].what == kind::accepted);
}

TEST_CASE_FIXTURE(links_fixture, "smpp adapter: a lost link takes only its own texts along") {
    number("links", 2);
    number("window", 2);
    start();
    const auto first = take_bind(command::bind_transceiver);
    take_bind(command::bind_transceiver);
    slots(4);
    submit(1, 4);
    host.until([&] { return smsc.count(command::submit_sm) == 4; });
    smsc.talk_to = first;
    smsc.reset();
    until_given(2);
    slots(2);
    std::size_t on_the_other = 0;
    for (const auto& p : smsc.pdus)
        on_the_other += p.head.id == command::submit_sm && p.link != first ? 1U : 0U;
    REQUIRE(on_the_other == 2);
    for (const auto& p : smsc.pdus)
        if (p.head.id == command::submit_sm && p.link != first) {
            smsc.talk_to = p.link;
            answer(p.head.sequence, status::ok, "id");
        }
    until_given(4);
    unsigned accepted = 0, uncertain = 0;
    for (const auto& [handle, v] : host.given) {
        accepted += v.what == kind::accepted ? 1U : 0U;
        uncertain += v.what == kind::uncertain ? 1U : 0U;
    }
    CHECK(accepted == 2);
    CHECK(uncertain == 2);
    take_bind(command::bind_transceiver); // and it comes again
    slots(4);
}

TEST_CASE_FIXTURE(links_fixture,
                  "smpp adapter: a pair sends over one link and hears over the other") {
    text("bind", "pair");
    start();
    const auto receiver = take_bind(command::bind_receiver);
    host.until([&] { return host.why.starts_with("1 of 2 links"); });
    CHECK(host.open_slots == 0); // nothing to send over
    const auto transmitter = take_bind(command::bind_transmitter);
    slots(10);
    submit(1);
    host.until([&] { return smsc.has(command::submit_sm); });
    CHECK(smsc.pdus.front().link == transmitter);
    answer_all(1);
    until_given(1);

    smsc.talk_to = receiver;
    std::string out;
    smpp::sm body;
    body.source = {1, 1, "8613800138000"};
    body.esm_class = 0x04;
    body.short_message = "id:1 stat:DELIVRD err:000";
    smpp::encode_sm(out, command::deliver_sm, 77, body);
    smsc.send(out);
    host.until([&] { return host.receipts.size() == 1; });
    host.unstored.front()();
    host.until([&] { return smsc.has(command::deliver_sm_resp); });
    const auto ack = smsc.take(command::deliver_sm_resp);
    CHECK(ack.link == receiver);
    CHECK(ack.head.sequence == 77);
}

TEST_CASE_FIXTURE(links_fixture,
                  "smpp adapter: a whole window without an answer, and it binds anew") {
    duration("response_timeout", 30ms);
    number("window", 2);
    bind();
    submit(1, 2);
    until_given(2);
    CHECK(host.given[1].what == kind::uncertain);
    host.until([&] { return smsc.has(command::unbind); });
    CHECK(host.open_slots == 0);
    smsc.send(command::unbind_resp, status::ok, smsc.take(command::unbind).head.sequence);
    bind();
}

TEST_CASE_FIXTURE(links_fixture,
                  "smpp adapter: the end of a link that texts came over is told once") {
    bind();
    CHECK((*adapter)->one_link());
    bring_text();
    SUBCASE("the carrier resets it") { smsc.reset(); }
    SUBCASE("the carrier closes it") { smsc.close(); }
    SUBCASE("the carrier unbinds") {
        host.unstored.front()();
        smsc.send(command::unbind, status::ok, 5);
        host.until([&] { return smsc.has(command::unbind_resp); });
        CHECK(host.ended_links == 0); // more could have come until now
        smsc.close();
    }
    SUBCASE("we give it up") {
        smsc.send(std::string(16, '\0')); // not SMPP
        host.until([&] { return smsc.has(command::generic_nack); });
        smsc.close();
    }
    bind();
    CHECK(host.ended_links == 1);
    smsc.reset(); // no text came over this one
    bind();
    CHECK(host.ended_links == 1);
}

TEST_CASE_FIXTURE(links_fixture, "smpp adapter: also when the account is stopped") {
    bind();
    bring_text();
    host.unstored.front()();
    (*adapter)->stop();
    host.until([&] { return smsc.has(command::unbind); });
    smsc.send(command::unbind_resp, status::ok, smsc.take(command::unbind).head.sequence);
    host.until([&] { return adapter->ended; });
    CHECK(host.ended_links == 1);
}

TEST_CASE_FIXTURE(links_fixture, "smpp adapter: also of one among several") {
    number("links", 2);
    start();
    CHECK(!(*adapter)->one_link());
    const auto first = take_bind(command::bind_transceiver);
    take_bind(command::bind_transceiver);
    slots(20);
    smsc.talk_to = first;
    bring_text();
    smsc.reset();
    take_bind(command::bind_transceiver);
    CHECK(host.ended_links == 1);
}

TEST_CASE_FIXTURE(links_fixture, "smpp adapter: of a pair, the receiver's end matters") {
    text("bind", "pair");
    start();
    CHECK(!(*adapter)->one_link());
    const auto receiver = take_bind(command::bind_receiver);
    const auto transmitter = take_bind(command::bind_transmitter);
    slots(10);
    smsc.talk_to = receiver;
    bring_text();
    smsc.talk_to = transmitter;
    smsc.reset();
    take_bind(command::bind_transmitter);
    CHECK(host.ended_links == 0);
    smsc.talk_to = receiver;
    smsc.reset();
    take_bind(command::bind_receiver);
    CHECK(host.ended_links == 1);
}

namespace {

// Dials the adapter as a carrier does.
struct caller {
    explicit caller(boost::asio::io_context& io) : socket(io) {}
    void dial(std::uint16_t port) {
        socket.connect({boost::asio::ip::address_v4::loopback(), port});
        socket.non_blocking(true);
    }
    void send_outbind(std::string_view system_id, std::string_view password) {
        smpp::pdu p;
        p.head.id = command::outbind;
        p.head.sequence = 1;
        p.body = smpp::outbind{system_id, password};
        std::string out;
        smpp::encode(out, p);
        boost::asio::write(socket, boost::asio::buffer(out));
    }
    // What has come, and whether the other side has closed.
    void look() {
        char some[512];
        boost::system::error_code error;
        const auto n = socket.read_some(boost::asio::buffer(some), error);
        got.append(some, n);
        closed = closed || error == boost::asio::error::eof ||
                 error == boost::asio::error::connection_reset;
    }

    boost::asio::ip::tcp::socket socket;
    std::string got;
    bool closed = false;
};

std::uint16_t free_port(boost::asio::io_context& io) {
    boost::asio::ip::tcp::acceptor some(io, {boost::asio::ip::address_v4::loopback(), 0});
    return some.local_endpoint().port();
}

struct outbind_fixture : links_fixture {
    outbind_fixture() : port(free_port(host.io)) {
        text("outbind_address", "127.0.0.1");
        number("outbind_port", port);
        text("outbind_system_id", "carrier");
        text("outbind_password", "s3cret");
        start();
        take_bind(command::bind_transceiver);
        host.until([&] { return host.why.find("waiting for the carrier") != std::string::npos; });
    }
    void look_until(caller& who, const std::function<bool()>& done) {
        host.until([&] {
            boost::asio::post(host.io, [] {});
            who.look();
            return done();
        });
    }
    std::uint16_t port;
};

} // namespace

TEST_CASE_FIXTURE(outbind_fixture, "smpp adapter: a carrier that dials us gets a bind_receiver") {
    caller carrier(host.io);
    carrier.dial(port);
    carrier.send_outbind("carrier", "s3cret");
    look_until(carrier, [&] { return carrier.got.size() >= 16; });
    CHECK(smpp::read_header(carrier.got).id == command::bind_receiver);
    std::string out;
    smpp::pdu p;
    p.head = {16, command::bind_receiver_resp, status::ok, smpp::read_header(carrier.got).sequence};
    p.body = smpp::bind_resp{"SMSC", {}};
    smpp::encode(out, p);
    boost::asio::write(carrier.socket, boost::asio::buffer(out));
    host.until([&] { return host.why.starts_with("2 of 2 links"); });
    CHECK(host.open_slots == 10); // it sends nothing
    CHECK(!(*adapter)->one_link());

    boost::asio::write(carrier.socket, boost::asio::buffer(text_from_a_phone()));
    host.until([&] { return host.texts.size() == 1; });
    carrier.socket.close();
    host.until([&] { return host.ended_links == 1; });
}

TEST_CASE_FIXTURE(outbind_fixture, "smpp adapter: a stranger that dials us hears no password") {
    for (const auto& [system_id, password] :
         {std::pair{"carrier", "wrong"}, std::pair{"carrier", ""},
          std::pair{"stranger", "s3cret"}}) {
        CAPTURE(system_id);
        CAPTURE(password);
        caller stranger(host.io);
        host.until([&] { return host.why.find("waiting for the carrier") != std::string::npos; });
        stranger.dial(port);
        stranger.send_outbind(system_id, password);
        look_until(stranger, [&] { return stranger.closed; });
        CHECK(stranger.got.empty());
        host.until([&] { return host.logged("outbind refused"); });
    }
}

} // namespace adapter_links_test
