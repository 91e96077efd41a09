// The simulated carrier misbehaving, and the rules it follows.
#include "plugins/smpp/simulated_carrier.hpp"

#include "smpp/codec/message_id.hpp"

#include <doctest/doctest.h>

#include <chrono>
#include <set>
#include <string>
#include <thread>

namespace simulator_faults_test {

using namespace smpp_test;
using simulator::fault;

namespace {

// A carrier with one fault that strikes once, and a link bound to it.
struct faulty {
    explicit faulty(const std::string& kind, simulator::options chosen = {})
        : carrier([&] {
              chosen.fault_list = {kind + ":once"};
              return chosen;
          }()),
          link(carrier.port()) {
        REQUIRE(link.bind_as(command::bind_transceiver) == status::ok);
    }
    simulated_carrier carrier;
    client link;
};

receipt receipt_in(const held_pdu& delivered) {
    std::string scratch;
    return read_receipt(delivered.text(), scratch);
}

} // namespace

TEST_CASE("smpp simulator: throttle and refuse-window refuse one submit and take the next") {
    const std::pair<const char*, status> rows[] = {{"throttle", status::throttled},
                                                   {"refuse-window", status::queue_full}};
    for (const auto& [kind, code] : rows) {
        CAPTURE(kind);
        faulty f(kind);
        f.link.submit("1", "x", 0);
        CHECK(f.link.next()->code() == code);
        f.link.submit("1", "x", 0);
        CHECK(f.link.next()->code() == status::ok);
    }
}

TEST_CASE("smpp simulator: a reset before the response leaves a text taken but not answered") {
    faulty f("reset-before-response");
    f.link.submit("491700000001", "in doubt");
    CHECK(!f.link.next());
    CHECK(f.carrier.stat("accepted") == 1);
    client again(f.carrier.port());
    REQUIRE(again.bind_as(command::bind_transceiver) == status::ok);
    CHECK(receipt_in(*again.next()).state == message_state::delivered);
}

TEST_CASE("smpp simulator: a reset after the response comes behind it") {
    faulty f("reset-after-response");
    f.link.submit("491700000001", "x", 0);
    CHECK(f.link.next()->code() == status::ok);
    CHECK(!f.link.next());
}

TEST_CASE("smpp simulator: half-open takes nothing more and answers nothing") {
    faulty f("half-open");
    f.link.submit("491700000001", "x");
    f.link.submit("491700000001", "x");
    CHECK(f.carrier.comes_to("pdus_in", 3));
    CHECK(f.link.nothing_came());
    CHECK(f.carrier.stat("accepted") == 0);
    CHECK(f.carrier.stat("links") == 1);
}

TEST_CASE("smpp simulator: half-open keeps back the responses that wait for their time") {
    simulator::options chosen;
    chosen.response_delay = std::chrono::milliseconds(300);
    simulated_carrier carrier(chosen);
    client link(carrier.port());
    REQUIRE(link.bind_as(command::bind_transceiver) == status::ok);
    link.submit("491700000001", "x", 0);
    CHECK(carrier.comes_to("accepted", 1));
    carrier.command("fault half-open:once");
    link.submit("491700000001", "x", 0);
    CHECK(carrier.comes_to("pdus_in", 3));
    std::this_thread::sleep_for(std::chrono::milliseconds(450));
    CHECK(link.nothing_came());
}

TEST_CASE("smpp simulator: no-response and garbage take the text") {
    for (const char* kind : {"no-response", "garbage"}) {
        CAPTURE(kind);
        faulty f(kind);
        f.link.submit("491700000001", "x", 0);
        if (std::string(kind) == "garbage")
            CHECK_THROWS(f.link.next());
        else
            f.link.sync();
        CHECK(f.carrier.stat("accepted") == 1);
    }
}

TEST_CASE("smpp simulator: wrong-sequence answers a number nobody used") {
    faulty f("wrong-sequence");
    f.link.send(client::submit_octets(77, "1", "x", 0));
    CHECK(f.link.next()->p.head.sequence == 77 + 0x01000000);
    f.link.send(client::submit_octets(78, "1", "x", 0));
    CHECK(f.link.next()->p.head.sequence == 78);
}

TEST_CASE("smpp simulator: receipts early, twice, never and out of order") {
    {
        faulty f("early-receipt");
        f.link.submit("491700000001", "x");
        const auto delivered = f.link.next();
        REQUIRE(delivered->p.head.id == command::deliver_sm);
        const auto response = f.link.next();
        CHECK(receipt_in(*delivered).id == response->message_id());
    }
    {
        faulty f("duplicate-receipt");
        f.link.submit("491700000001", "x");
        const auto id = f.link.next()->message_id();
        CHECK(receipt_in(*f.link.next()).id == id);
        CHECK(receipt_in(*f.link.next()).id == id);
    }
    {
        faulty f("missing-receipt");
        f.link.submit("491700000001", "x");
        f.link.next();
        CHECK(f.carrier.stat("receipts_made") == 0);
    }
    for (const char* kind : {"reorder-receipts", "late-receipt"}) {
        CAPTURE(kind);
        simulator::options chosen;
        chosen.late = std::chrono::milliseconds(100);
        faulty f(kind, chosen);
        f.link.send(client::submit_octets(1, "491700000001", "x") +
                    client::submit_octets(2, "491700000002", "x"));
        f.link.next();
        f.link.next();
        CHECK(f.link.next()->text().source.digits == "491700000002");
        CHECK(f.link.next()->text().source.digits == "491700000001");
    }
}

TEST_CASE("smpp simulator: receipts that stop come over the next link") {
    faulty f("receipts-stop");
    f.link.submit("491700000001", "one");
    CHECK(f.link.next()->code() == status::ok);
    f.link.submit("491700000002", "two");
    CHECK(f.link.next()->code() == status::ok);
    CHECK(f.carrier.comes_to("receipts_made", 2));
    f.link.sync();
    CHECK(f.link.nothing_came());
    client again(f.carrier.port());
    REQUIRE(again.bind_as(command::bind_transceiver) == status::ok);
    f.link.hang_up();
    for (const char* phone : {"491700000001", "491700000002"})
        CHECK(again.next()->text().source.digits == phone);
}

TEST_CASE("smpp simulator: one receipt for all parts bears the id of the last") {
    simulator::options chosen;
    chosen.one_receipt = true;
    simulated_carrier carrier(chosen);
    client link(carrier.port());
    REQUIRE(link.bind_as(command::bind_transceiver) == status::ok);
    using namespace std::string_view_literals;
    for (const auto& parts :
         {std::pair{"\x05\x00\x03\x2A\x02\x01one"sv, "\x05\x00\x03\x2A\x02\x02two"sv},
          std::pair{"\x06\x08\x04\x12\x34\x02\x01one"sv, "\x06\x08\x04\x12\x34\x02\x02two"sv}}) {
        std::string last_id;
        for (const auto part : {parts.first, parts.second}) {
            sm body;
            body.destination = {1, 1, "491700000001"};
            body.esm_class = 0x40;
            body.registered_delivery = 1;
            body.short_message = part;
            std::string octets;
            encode_sm(octets, command::submit_sm, 77, body);
            link.send(octets);
            last_id = link.next()->message_id();
        }
        const auto delivered = link.next();
        CHECK(receipt_in(*delivered).id == last_id);
        link.answer(*delivered);
        link.sync();
    }
    link.submit("491700000001", "alone");
    CHECK(link.next()->code() == status::ok);
    CHECK(link.next()->p.head.id == command::deliver_sm);
}

TEST_CASE("smpp simulator: ids in the other base or padded still match by their key") {
    struct row {
        const char* kind;
        simulator::id_style style;
        id_base submit, receipt;
    };
    const row rows[] = {
        {"id-base", simulator::id_style::hex, id_base::hex, id_base::dec},
        {"id-base", simulator::id_style::dec, id_base::dec, id_base::hex},
        {"leading-zeros", simulator::id_style::hex, id_base::raw, id_base::raw},
    };
    for (const auto& row : rows) {
        CAPTURE(row.kind);
        simulator::options chosen;
        chosen.ids = row.style;
        faulty f(row.kind, chosen);
        f.link.submit("491700000001", "x");
        const auto id = f.link.next()->message_id();
        const auto delivered = f.link.next();
        const auto r = receipt_in(*delivered);
        CHECK(r.id != id);
        CHECK(match_key(r.id, row.receipt) == match_key(id, row.submit));
    }
}

TEST_CASE("smpp simulator: slow reads, split writes and unknown TLVs change nothing that matters") {
    for (const char* kind : {"slow-read", "split-writes", "unknown-tlv"}) {
        CAPTURE(kind);
        faulty f(kind);
        f.link.submit("491700000001", "x");
        const auto response = f.link.next();
        CHECK(response->code() == status::ok);
        CHECK(receipt_in(*f.link.next()).id == response->message_id());
    }
}

TEST_CASE("smpp simulator: more unanswered than the window are refused, and the rate is kept") {
    simulator::options chosen;
    chosen.window = 2;
    chosen.window_status = status::queue_full;
    simulated_carrier windowed(chosen);
    client link(windowed.port());
    REQUIRE(link.bind_as(command::bind_transmitter) == status::ok);
    std::string three;
    for (std::uint32_t i = 1; i <= 3; ++i)
        three += client::submit_octets(i, "1", std::to_string(i), 0);
    link.send(three);
    CHECK(link.next()->code() == status::ok);
    CHECK(link.next()->code() == status::ok);
    CHECK(link.next()->code() == status::queue_full);
    link.submit("1", "again", 0);
    CHECK(link.next()->code() == status::ok);

    simulator::options slow;
    slow.rate = 1;
    simulated_carrier limited(slow);
    client hasty(limited.port());
    REQUIRE(hasty.bind_as(command::bind_transmitter) == status::ok);
    hasty.send(client::submit_octets(1, "1", "a", 0) + client::submit_octets(2, "1", "b", 0));
    CHECK(hasty.next()->code() == status::ok);
    CHECK(hasty.next()->code() == status::throttled);
}

TEST_CASE("smpp simulator: responses and receipts keep their delays and order") {
    simulator::options chosen;
    chosen.response_delay = std::chrono::milliseconds(30);
    chosen.receipt_delay = std::chrono::milliseconds(60);
    simulated_carrier carrier(chosen);
    client link(carrier.port());
    REQUIRE(link.bind_as(command::bind_transceiver) == status::ok);
    const auto begin = std::chrono::steady_clock::now();
    link.send(client::submit_octets(1, "1", "a") + client::submit_octets(2, "2", "b"));
    CHECK(link.next()->p.head.sequence == 1);
    CHECK(link.next()->p.head.sequence == 2);
    CHECK(std::chrono::steady_clock::now() - begin >= chosen.response_delay);
    CHECK(link.next()->text().source.digits == "1");
    CHECK(link.next()->text().source.digits == "2");
    CHECK(std::chrono::steady_clock::now() - begin >= chosen.receipt_delay);
}

TEST_CASE("smpp simulator: faults are switched at run time, and links closed") {
    simulated_carrier carrier;
    client link(carrier.port());
    REQUIRE(link.bind_as(command::bind_transmitter) == status::ok);
    CHECK(carrier.command("fault throttle") == "ok");
    CHECK(carrier.command("fault missing-receipt:5%") == "ok");
    CHECK(carrier.command("faults") == "ok throttle missing-receipt:5%");
    link.submit("1", "x");
    CHECK(link.next()->code() == status::throttled);
    CHECK(carrier.command("clear throttle") == "ok");
    CHECK(carrier.command("clear nonsense") == "error: there is no fault nonsense");
    link.submit("1", "x");
    CHECK(link.next()->code() == status::ok);
    CHECK(carrier.command("close") == "ok");
    CHECK(!link.next());
    CHECK(carrier.stat("links") == 0);
}

TEST_CASE("smpp simulator: ids are never given twice") {
    for (const auto style :
         {simulator::id_style::hex, simulator::id_style::dec, simulator::id_style::uuid}) {
        simulator::message_ids ids(style);
        std::set<std::string> given;
        std::string in_response, in_receipt;
        for (int i = 0; i < 20000; ++i) {
            ids.next(in_response, in_receipt, false, false);
            CHECK(in_response == in_receipt);
            given.insert(in_response);
        }
        CHECK(given.size() == 20000);
        if (style == simulator::id_style::hex)
            CHECK(given.begin()->size() == 16);
        if (style == simulator::id_style::uuid)
            CHECK(given.begin()->size() == 36);
    }
}

} // namespace simulator_faults_test
