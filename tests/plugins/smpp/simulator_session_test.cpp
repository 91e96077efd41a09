// The simulated carrier as an ESME meets it: binds, submits, receipts, texts from phones.
#include "plugins/smpp/simulated_carrier.hpp"

#include <doctest/doctest.h>

#include <cstdio>
#include <fstream>
#include <string>
#include <string_view>
#include <vector>

namespace simulator_session_test {

using namespace smpp_test;
using namespace std::string_view_literals;

namespace {

receipt receipt_in(const held_pdu& delivered) {
    std::string scratch; // our simulator writes ASCII: not needed
    return read_receipt(delivered.text(), scratch);
}

} // namespace

TEST_CASE("smpp simulator: binds are answered by kind, and refused with a wrong name or password") {
    simulator::options chosen;
    chosen.system_id = "esme01";
    chosen.password = "secret";
    simulated_carrier carrier(chosen);
    for (const auto id :
         {command::bind_transceiver, command::bind_transmitter, command::bind_receiver})
        CHECK(client(carrier.port()).bind_as(id) == status::ok);

    client stranger(carrier.port());
    CHECK(stranger.bind_as(command::bind_transceiver, "esme02") == status::invalid_system_id);
    CHECK(!stranger.next());
    client forgetful(carrier.port());
    CHECK(forgetful.bind_as(command::bind_transceiver, "esme01", "wrong") ==
          status::invalid_password);
    CHECK(carrier.stat("binds") == 3);
    CHECK(carrier.stat("refused_binds") == 2);
}

TEST_CASE("smpp simulator: what does not fit the state of a link is refused") {
    simulated_carrier carrier;
    client link(carrier.port());
    link.submit("491700000001", "too early");
    CHECK(link.next()->code() == status::wrong_bind_state);
    CHECK(link.bind_as(command::bind_receiver) == status::ok);
    link.submit("491700000001", "on a receiver");
    CHECK(link.next()->code() == status::wrong_bind_state);
    CHECK(link.bind_as(command::bind_receiver) == status::already_bound);

    std::string unknown;
    encode_header(unknown, static_cast<command>(0x999), status::ok, 5);
    link.send(unknown);
    const auto nack = link.next();
    CHECK(nack->p.head.id == command::generic_nack);
    CHECK(nack->code() == status::invalid_command_id);
    CHECK(nack->p.head.sequence == 5);
    link.sync();

    std::string unbind;
    encode_header(unbind, command::unbind, status::ok, 6);
    link.send(unbind);
    CHECK(link.next()->p.head.id == command::unbind_resp);
    CHECK(!link.next());
}

TEST_CASE("smpp simulator: octets that are not SMPP end the link") {
    simulated_carrier carrier;
    client link(carrier.port());
    link.send("GET / HTTP/1.1\r\n\r\n");
    CHECK(!link.next());
    client broken(carrier.port());
    broken.send(std::string("\0\0\0\x0c\0\0\0\x15\0\0\0\0", 12));
    CHECK(broken.next()->code() == status::invalid_command_length);
    CHECK(!broken.next());
}

TEST_CASE("smpp simulator: a submit is answered, then its receipt comes and is answered") {
    simulated_carrier carrier;
    client link(carrier.port());
    REQUIRE(link.bind_as(command::bind_transceiver) == status::ok);
    link.submit("491700000001", "Hello, a text of some length");
    const auto response = link.next();
    CHECK(response->code() == status::ok);
    const auto delivered = link.next();
    CHECK(delivered->p.head.id == command::deliver_sm);
    CHECK(delivered->text().source.digits == "491700000001");
    CHECK(delivered->text().destination.digits == "Posthorn");
    const auto r = receipt_in(*delivered);
    CHECK(r.id == response->message_id());
    CHECK(r.state == message_state::delivered);
    CHECK(r.final);
    CHECK(r.text == "Hello, a text of som");
    CHECK(r.done_date.size() == 10);
    CHECK(carrier.stat("receipts_pending") == 1);
    link.answer(*delivered);
    link.sync();
    CHECK(carrier.stat("receipts_answered") == 1);
    CHECK(carrier.stat("receipts_pending") == 0);
}

TEST_CASE("smpp simulator: a peer that binds with 3.3 sees no TLV") {
    simulated_carrier carrier;
    for (const std::uint8_t version : {std::uint8_t{0x33}, std::uint8_t{0x34}}) {
        CAPTURE(version);
        client link(carrier.port());
        REQUIRE(link.bind_as(command::bind_transceiver, "esme01", "secret", version) == status::ok);
        CHECK(link.announced().has_value() == (version >= 0x34));
        link.submit("491700000001", "x");
        const auto response = link.next();
        const auto delivered = link.next();
        CHECK(receipt_in(*delivered).id == response->message_id());
        CHECK(delivered->text().tlvs.empty() == (version < 0x34));
        link.answer(*delivered);
        link.sync();
    }
}

TEST_CASE("smpp simulator: receipts come as registered_delivery asks") {
    struct row {
        unsigned registered;
        const char* to;
        int receipts;
    };
    const row rows[] = {{0, "10", 0}, {1, "10", 1}, {1, "19", 1}, {2, "10", 0},
                        {2, "19", 1}, {3, "10", 1}, {3, "19", 0}, {1, "17", 0}};
    for (const auto& row : rows) {
        CAPTURE(row.registered);
        CAPTURE(row.to);
        simulator::options chosen;
        chosen.suffixes = {"9=undelivered", "7=none"};
        simulated_carrier carrier(chosen);
        client link(carrier.port());
        REQUIRE(link.bind_as(command::bind_transmitter) == status::ok);
        link.submit(row.to, "x", static_cast<std::uint8_t>(row.registered));
        CHECK(link.next()->code() == status::ok);
        CHECK(carrier.stat("receipts_made") == row.receipts);
    }
}

TEST_CASE("smpp simulator: what was not answered comes again after a rebind, in order") {
    simulated_carrier carrier;
    std::vector<std::string> ids;
    {
        client link(carrier.port());
        REQUIRE(link.bind_as(command::bind_transceiver) == status::ok);
        std::string three;
        for (std::uint32_t i = 1; i <= 3; ++i)
            three += client::submit_octets(100 + i, "49170000000" + std::to_string(i), "x");
        link.send(three);
        for (int i = 0; i < 3; ++i)
            ids.push_back(link.next()->message_id());
        for (int i = 0; i < 3; ++i) {
            const auto delivered = link.next();
            CHECK(receipt_in(*delivered).id == ids[static_cast<std::size_t>(i)]);
            if (i == 1)
                link.answer(*delivered);
        }
        link.sync();
    }
    client again(carrier.port());
    REQUIRE(again.bind_as(command::bind_receiver) == status::ok);
    for (const std::size_t i : {0U, 2U}) {
        const auto delivered = again.next();
        CHECK(receipt_in(*delivered).id == ids[i]);
        again.answer(*delivered);
    }
    again.sync();
    CHECK(carrier.stat("receipts_pending") == 0);
    CHECK(carrier.stat("receipts_sent") == 5);
}

TEST_CASE("smpp simulator: a receipt goes to the receiver bind of the same system_id only") {
    simulated_carrier carrier;
    client other(carrier.port()), sender(carrier.port()), taker(carrier.port());
    REQUIRE(other.bind_as(command::bind_receiver, "other") == status::ok);
    REQUIRE(sender.bind_as(command::bind_transmitter) == status::ok);
    REQUIRE(taker.bind_as(command::bind_receiver) == status::ok);
    sender.submit("491700000001", "x");
    const auto response = sender.next();
    CHECK(receipt_in(*taker.next()).id == response->message_id());
    CHECK(other.nothing_came());
    CHECK(sender.nothing_came());
}

TEST_CASE("smpp simulator: no more deliver_sm are unanswered than the window allows") {
    simulator::options chosen;
    chosen.deliver_window = 2;
    simulated_carrier carrier(chosen);
    client sender(carrier.port()), taker(carrier.port());
    REQUIRE(sender.bind_as(command::bind_transmitter) == status::ok);
    REQUIRE(taker.bind_as(command::bind_receiver) == status::ok);
    for (int i = 0; i < 3; ++i) {
        sender.submit("491700000001", std::to_string(i));
        CHECK(sender.next()->code() == status::ok);
    }
    const auto first = taker.next();
    const auto second = taker.next();
    taker.sync();
    CHECK(taker.nothing_came());
    taker.answer(*second);
    const auto third = taker.next();
    CHECK(third->p.head.id == command::deliver_sm);
    taker.answer(*first);
    taker.answer(*third);
    taker.sync();
    CHECK(carrier.stat("receipts_answered") == 3);
}

TEST_CASE("smpp simulator: a deliver_sm answered \"later\" comes again, one refused does not") {
    simulated_carrier carrier;
    client link(carrier.port());
    REQUIRE(link.bind_as(command::bind_transceiver) == status::ok);
    CHECK(carrier.command("mo 491700000001 1069 HELP") == "ok");
    const auto first = link.next();
    link.answer(*first, status::temporary_receiver_error);
    const auto again = link.next();
    CHECK(again->text().short_message == "HELP");
    CHECK(again->p.head.sequence != first->p.head.sequence);
    link.answer(*again, status::permanent_receiver_error);
    link.sync();
    CHECK(carrier.stat("mo_deferred") == 1);
    CHECK(carrier.stat("mo_refused") == 1);
    CHECK(carrier.stat("mo_pending") == 0);
}

TEST_CASE("smpp simulator: texts from phones come in letters, UCS-2, parts and octets") {
    simulated_carrier carrier;
    CHECK(carrier.command("mo 1 2 HI") == "error: nobody has bound to receive yet");
    client link(carrier.port());
    REQUIRE(link.bind_as(command::bind_receiver) == status::ok);
    CHECK(carrier.command("mo 491700000001 1069 a@b") == "ok");
    auto text = link.next();
    CHECK(text->text().source.digits == "491700000001");
    CHECK(text->text().destination.digits == "1069");
    CHECK(text->text().data_coding == 0);
    CHECK(text->text().short_message == std::string_view("a\0b", 3));

    CHECK(carrier.command("mo 491700000001 1069 退订") == "ok");
    text = link.next();
    CHECK(text->text().data_coding == 8);
    CHECK(text->text().short_message == "\x90\x00\x8b\xa2"sv);

    CHECK(carrier.command("mo 491700000001 1069 " + std::string(161, 'x')) == "ok");
    for (char part = 1; part <= 2; ++part) {
        text = link.next();
        CHECK(text->text().esm_class == 0x40);
        CHECK(text->text().short_message.size() == (part == 1 ? 6U + 153 : 6U + 8));
        CHECK(text->text().short_message[4] == 2);
        CHECK(text->text().short_message[5] == part);
    }
    CHECK(carrier.command("mo-hex 491700000001 1069 4 DE AD be ef") == "ok");
    text = link.next();
    CHECK(text->text().data_coding == 4);
    CHECK(text->text().short_message == "\xde\xad\xbe\xef");
    CHECK(text->text().esm_class == 0);
    CHECK(carrier.command("mo-udh 491700000001 1069 8 050003010201 4f59") == "ok");
    text = link.next();
    CHECK(text->text().esm_class == 0x40);
    CHECK(text->text().short_message.size() == 8);
    for (const char* wrong : {"mo 1", "mo-hex 1 2 8 123", "mo-hex 1 2 300 00", "mo-hex 1 2 8 zz",
                              "mo 1 2 \xff", "nonsense"}) {
        CAPTURE(wrong);
        CHECK(carrier.command(wrong).starts_with("error: "));
    }
}

TEST_CASE("smpp simulator: a text taken twice is counted, one that was refused before is not") {
    simulator::options chosen;
    chosen.fault_list = {"throttle:once"};
    simulated_carrier carrier(chosen);
    client link(carrier.port());
    REQUIRE(link.bind_as(command::bind_transmitter) == status::ok);
    const std::pair<const char*, status> sent[] = {
        {"one", status::throttled}, {"one", status::ok}, {"two", status::ok}, {"one", status::ok}};
    for (const auto& [text, expected] : sent) {
        link.submit("491700000001", text);
        CHECK(link.next()->code() == expected);
    }
    CHECK(carrier.stat("submits") == 4);
    CHECK(carrier.stat("accepted") == 3);
    CHECK(carrier.stat("unique") == 2);
    CHECK(carrier.stat("repeats") == 1);
}

TEST_CASE(
    "smpp simulator: the log tells of every submit, receipt and text, and is whole at the end") {
    const std::string path = std::string(BUILD_DIR) + "/smpp_simulator_log.jsonl";
    std::remove(path.c_str());
    simulator::options chosen;
    chosen.log = path;
    chosen.refusals = {"9=0x0B"};
    simulated_carrier carrier(chosen);
    client link(carrier.port());
    REQUIRE(link.bind_as(command::bind_transceiver) == status::ok);
    link.submit("491700000009", "refused");
    CHECK(link.next()->code() == status::invalid_destination);
    link.submit("491700000001", "taken \"so\"");
    const auto id = link.next()->message_id();
    link.answer(*link.next());
    link.sync();
    CHECK(carrier.command("mo 4917 1069 HELP") == "ok");
    link.next();
    carrier.stop();

    std::vector<boost::json::object> lines;
    std::ifstream in(path);
    for (std::string line; std::getline(in, line);)
        lines.push_back(boost::json::parse(line).as_object());
    REQUIRE(lines.size() == 6);
    const char* events[] = {"submit", "submit", "sent", "answered", "sent", "lost"};
    for (std::size_t i = 0; i < lines.size(); ++i)
        CHECK(lines[i].at("ev").as_string() == events[i]);
    CHECK(lines[0].at("status").as_int64() == 0x0B);
    CHECK(std::string(lines[1].at("id").as_string()) == id);
    CHECK(lines[1].at("sm").as_string() == "74616b656e2022736f22");
    CHECK(lines[1].at("dest").as_string() == "491700000001");
    CHECK(std::string(lines[3].at("id").as_string()) == id);
    CHECK(lines[4].at("kind").as_string() == "mo");
    std::remove(path.c_str());
}

} // namespace simulator_session_test
