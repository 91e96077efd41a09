// The simulated gateway as an SP meets it: what it takes and sends octet by octet, and how it misbehaves.
#include "plugins/simulated.hpp"
#include "recorded.hpp"

#include "cmpp/codec/login.hpp"
#include "cmpp/codec/report.hpp"
#include "cmpp/simulator/server.hpp"

#include <doctest/doctest.h>

#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace simulator_test {

using namespace posthorn::cmpp;
using posthorn::cmpp::connect; // not that of sockets
using posthorn::simulator::fault;
namespace vectors = posthorn::vectors;
using carrier = posthorn::simulated::carrier<simulator::server, simulator::options>;

namespace {

std::string recorded(dialect as, std::string_view id) {
    const auto* const file = as == dialect::v20 ? "cmpp20.json" : "cmpp30.json";
    const auto all = vectors::read(std::string("plugins/cmpp/vectors/") + file);
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
    std::uint32_t result() const { return as<message_resp>().result; }
    report told() const { return read_report(as<deliver>().content).value(); }
};

class client : public posthorn::simulated::packet_stream {
public:
    explicit client(std::uint16_t port, dialect as = dialect::v30)
        : packet_stream(port, frame), as_(as) {}

    std::unique_ptr<held> next() {
        auto out = std::make_unique<held>();
        out->octets = next_octets();
        if (out->octets.empty())
            return nullptr;
        if (decode(out->octets, as_, out->p))
            throw std::runtime_error("the simulator sent what cannot be decoded");
        return out;
    }

    std::uint32_t log_in(std::string_view secret = "shared", std::string_view user = "901234") {
        const auto proof = authenticator_source(user, secret, 1122093045);
        say(command::connect, connect{.source_addr = user,
                                      .authenticator = octets_of(proof),
                                      .version = static_cast<std::uint8_t>(as_),
                                      .timestamp = 1122093045});
        return next()->as<connect_resp>().status;
    }
    void say(command id, const body& what, std::uint32_t sequence = 0) {
        pdu p;
        p.head.id = id;
        p.head.sequence = sequence ? sequence : ++sequence_;
        p.body = what;
        std::string octets;
        encode(octets, as_, p);
        send(octets);
    }
    void submit(std::string_view to, std::string_view text, std::uint8_t registered = 1) {
        say(command::submit, cmpp_submit{.registered_delivery = registered,
                                         .service_id = "SVC01",
                                         .msg_src = "901234",
                                         .src_id = "10690000",
                                         .terminals = {to},
                                         .content = text});
    }
    void answer(const held& delivered, std::uint32_t result = 0) {
        say(command::deliver_resp,
            message_resp{.msg_id = delivered.as<deliver>().msg_id, .result = result},
            delivered.p.head.sequence);
    }
    /// A round trip: all sent before has been handled. Other packets on the way are an error.
    void sync() {
        say(command::active_test, no_body{});
        const auto came = next();
        if (!came || came->p.head.id != command::active_test_resp)
            throw std::runtime_error("something else came before the ACTIVE_TEST_RESP");
    }

private:
    using cmpp_submit = posthorn::cmpp::submit;

    dialect as_;
    std::uint32_t sequence_ = 0;
};

// A gateway with one fault that strikes once, and a link logged in to it.
struct faulty {
    explicit faulty(const std::string& kind, simulator::options chosen = {})
        : gateway([&] {
              chosen.fault_list = {kind + ":once"};
              return chosen;
          }()),
          link(gateway.port(), chosen.version) {
        REQUIRE(link.log_in() == 0);
    }
    carrier gateway;
    client link;
};

} // namespace

TEST_CASE("cmpp simulator: recorded packets of an SP get the answers of their dialect") {
    struct row {
        dialect as;
        std::size_t connect_resp, submit_resp, report;
    };
    for (const auto& row : {row{dialect::v20, 30, 21, 145}, row{dialect::v30, 33, 24, 180}}) {
        simulator::options chosen;
        chosen.version = row.as;
        chosen.user = "901234";
        chosen.secret = "shared";
        carrier gateway(chosen);
        client link(gateway.port(), row.as);
        link.send(recorded(row.as, "CONNECT"));
        const auto welcome = link.next_octets();
        CHECK(welcome.size() == row.connect_resp);
        CHECK(vectors::hex_of(welcome) == vectors::hex_of(recorded(row.as, "CONNECT_RESP")));
        for (const auto* id : {"SUBMIT_ascii", "SUBMIT_gbk", "SUBMIT_ucs2", "SUBMIT_long_1of2"}) {
            CAPTURE(id);
            const auto asked = recorded(row.as, id);
            link.send(asked);
            const auto response = link.next_octets();
            CHECK(response.size() == row.submit_resp);
            CHECK(response.substr(8, 4) == asked.substr(8, 4));                      // Sequence_Id
            CHECK(response.substr(20).find_first_not_of('\0') == std::string::npos); // Result
            const auto report = link.next_octets();
            CHECK(report.size() == row.report);
            CHECK(report.find(response.substr(12, 8) + "DELIVRD") != std::string::npos);
        }
        link.send(recorded(row.as, "ACTIVE_TEST"));
        CHECK(vectors::hex_of(link.next_octets()) ==
              vectors::hex_of(recorded(row.as, "ACTIVE_TEST_RESP")));
        link.send(recorded(row.as, "TERMINATE"));
        CHECK(vectors::hex_of(link.next_octets()) ==
              vectors::hex_of(recorded(row.as, "TERMINATE_RESP")));
        CHECK(link.next_octets().empty());
    }
}

TEST_CASE("cmpp simulator: a login is refused by its version, name or proof") {
    simulator::options chosen;
    chosen.user = "901234";
    chosen.secret = "shared";
    carrier gateway(chosen);
    CHECK(client(gateway.port(), dialect::v20).log_in() == 4);
    CHECK(client(gateway.port()).log_in("shared", "901235") == 2);
    client wrong(gateway.port());
    CHECK(wrong.log_in("guessed") == 3);
    CHECK(!wrong.next());
    CHECK(client(gateway.port()).log_in() == 0);
    CHECK(gateway.stat("binds") == 1);
    CHECK(gateway.stat("refused_binds") == 3);
}

TEST_CASE("cmpp simulator: a name shorter than its field may be hashed with or without its NULs") {
    simulator::options chosen;
    chosen.secret = "shared";
    carrier gateway(chosen);
    for (const bool padded : {false, true}) {
        client link(gateway.port());
        const auto proof = authenticator_source("9012", "shared", 5, padded);
        link.say(command::connect,
                 connect{.source_addr = "9012", .authenticator = octets_of(proof), .timestamp = 5});
        CHECK(link.next()->as<connect_resp>().status == 0);
    }
}

TEST_CASE("cmpp simulator: nothing comes before the login, and what is not CMPP ends the link") {
    carrier gateway;
    client early(gateway.port());
    early.submit("13800138000", "x");
    CHECK(!early.next());
    client stranger(gateway.port());
    stranger.send("GET / HTTP/1.1\r\n\r\n");
    CHECK(!stranger.next());
    CHECK(gateway.stat("broken") == 1);
}

TEST_CASE("cmpp simulator: what is wrong in a SUBMIT has its Result") {
    simulator::options chosen;
    chosen.user = "901234";
    chosen.refusals = {"9=7"};
    carrier gateway(chosen);
    client link(gateway.port());
    REQUIRE(link.log_in() == 0);
    struct row {
        submit text;
        std::uint32_t result;
    };
    const std::string long_text(161, 'x'), wide_text(141, 'x');
    const row rows[] = {
        {{.msg_src = "901234", .terminals = {"1"}, .content = "x"}, 0},
        {{.msg_src = "901235", .terminals = {"1"}, .content = "x"}, 11},
        {{.msg_src = "901234", .terminals = {"1", "2"}, .content = "x"}, 1},
        {{.msg_src = "901234", .terminals = {""}, .content = "x"}, 13},
        {{.msg_src = "901234", .terminals = {"1"}, .content = long_text}, 6},
        {{.msg_fmt = 8, .msg_src = "901234", .terminals = {"1"}, .content = wide_text}, 6},
        {{.msg_src = "901234", .terminals = {"19"}, .content = "x"}, 7},
    };
    for (auto row : rows) {
        CAPTURE(row.result);
        row.text.registered_delivery = 0;
        link.say(command::submit, row.text);
        CHECK(link.next()->result() == row.result);
    }
    link.send(recorded(dialect::v30, "bad_msg_length"));
    CHECK(link.next()->result() == 1);
    link.sync();
}

TEST_CASE("cmpp simulator: reports tell each outcome, and come again until they are answered") {
    const std::pair<const char*, const char*> rows[] = {
        {"delivered", "DELIVRD"}, {"undelivered", "UNDELIV"}, {"expired", "EXPIRED"},
        {"rejected", "REJECTD"},  {"deleted", "DELETED"},     {"unknown", "UNKNOWN"},
        {"accepted", "ACCEPTD"}};
    for (const auto& [word, stat] : rows) {
        CAPTURE(word);
        simulator::options chosen;
        chosen.suffixes = {std::string("1=") + word};
        carrier gateway(chosen);
        msg_id id = 0;
        {
            client link(gateway.port());
            REQUIRE(link.log_in() == 0);
            link.submit("13800138001", "x");
            id = link.next()->as<message_resp>().msg_id;
            CHECK(link.next()->told().stat == stat);
        }
        client again(gateway.port());
        REQUIRE(again.log_in() == 0);
        const auto report = again.next();
        CHECK(report->told().msg_id == id);
        CHECK(report->told().dest_terminal_id == "13800138001");
        CHECK(report->as<deliver>().src_terminal_id == "13800138001");
        CHECK(report->as<deliver>().dest_id == "10690000");
        again.answer(*report);
        again.sync();
        CHECK(gateway.stat("receipts_pending") == 0);
    }
}

TEST_CASE("cmpp simulator: a report that is answered with flow control comes later, a refused one "
          "never") {
    carrier gateway;
    client link(gateway.port());
    REQUIRE(link.log_in() == 0);
    link.submit("13800138001", "x");
    link.next();
    link.answer(*link.next(), 8);
    const auto again = link.next();
    CHECK(again->told().stat == "DELIVRD");
    link.answer(*again, 1);
    link.sync();
    CHECK(gateway.stat("receipts_deferred") == 1);
    CHECK(gateway.stat("receipts_refused") == 1);
}

TEST_CASE("cmpp simulator: a text is taken back until its report has left") {
    simulator::options chosen;
    chosen.receipt_delay = std::chrono::minutes(5);
    carrier gateway(chosen);
    client link(gateway.port());
    REQUIRE(link.log_in() == 0);
    link.submit("13800138001", "x");
    const auto id = link.next()->as<message_resp>().msg_id;
    for (const std::uint32_t expected : {0U, 1U}) {
        link.say(command::cancel, cancel{id});
        CHECK(link.next()->as<cancel_resp>().success_id == expected);
        if (expected == 0) {
            const auto report = link.next();
            CHECK(report->told().stat == "DELETED");
            CHECK(report->told().msg_id == id);
        }
    }
    link.say(command::query, query{.time = "20261127"});
    const auto counted = link.next();
    CHECK(counted->as<query_resp>().time == "20261127");
    CHECK(counted->as<query_resp>().mt_scs == 1);
}

TEST_CASE("cmpp simulator: texts from phones come in ASCII, UCS-2, parts and octets") {
    carrier gateway;
    CHECK(gateway.command("mo 1 2 HI") == "error: nobody has bound to receive yet");
    client link(gateway.port());
    REQUIRE(link.log_in() == 0);
    CHECK(gateway.command("mo 8613800138000 10690000 a@b") == "ok");
    auto text = link.next();
    CHECK(text->as<deliver>().src_terminal_id == "8613800138000");
    CHECK(text->as<deliver>().dest_id == "10690000");
    CHECK(text->as<deliver>().msg_fmt == 0);
    CHECK(text->as<deliver>().registered_delivery == 0);
    CHECK(text->as<deliver>().content == "a@b");
    CHECK(gateway.command("mo 8613800138000 10690000 退订") == "ok");
    text = link.next();
    CHECK(text->as<deliver>().msg_fmt == 8);
    CHECK(vectors::hex_of(text->as<deliver>().content) == "90008ba2");
    CHECK(gateway.command("mo 8613800138000 10690000 " + std::string(161, 'x')) == "ok");
    for (char part = 1; part <= 2; ++part) {
        text = link.next();
        CHECK(text->as<deliver>().tp_udhi == 1);
        CHECK(text->as<deliver>().content[5] == part);
    }
    CHECK(gateway.command("mo-hex 8613800138000 10690000 15 CDCB B6A9") == "ok");
    CHECK(link.next()->as<deliver>().msg_fmt == 15);
}

TEST_CASE("cmpp simulator: Msg_Ids bear the time, and none is given twice") {
    simulator::msg_ids ids;
    const std::int64_t at = 1'795'282'245'000'000; // 2026-11-21T17:30:45Z: the 22nd in China
    auto last = ids.next(at);
    CHECK((last >> 60) == 11);
    CHECK(((last >> 55) & 0x1F) == 22);
    CHECK(((last >> 50) & 0x1F) == 1);
    CHECK(((last >> 44) & 0x3F) == 30);
    CHECK(((last >> 38) & 0x3F) == 45);
    for (int i = 0; i < 200'000; ++i) {
        const auto next = ids.next(at);
        REQUIRE((next & 0x3F'FFFF'FFFFU) == ((last + 1) & 0x3F'FFFF'FFFFU));
        last = next;
    }
    CHECK(simulator::msg_id_of(simulator::octets_of(last)) == last);
}

TEST_CASE("cmpp simulator: throttle and refuse-window are flow control, once") {
    for (const char* kind : {"throttle", "refuse-window"}) {
        CAPTURE(kind);
        faulty f(kind);
        for (const std::uint32_t expected : {8U, 0U}) {
            f.link.submit("1", "x", 0);
            CHECK(f.link.next()->result() == expected);
        }
    }
}

TEST_CASE("cmpp simulator: receipts early, twice, never and late") {
    {
        faulty f("early-receipt");
        f.link.submit("1", "x");
        const auto report = f.link.next();
        CHECK(report->told().msg_id == f.link.next()->as<message_resp>().msg_id);
    }
    {
        faulty f("duplicate-receipt");
        f.link.submit("1", "x");
        const auto id = f.link.next()->as<message_resp>().msg_id;
        CHECK(f.link.next()->told().msg_id == id);
        CHECK(f.link.next()->told().msg_id == id);
    }
    {
        faulty f("missing-receipt");
        f.link.submit("1", "x");
        CHECK(f.link.next()->result() == 0);
        CHECK(f.gateway.stat("receipts_made") == 0);
    }
    for (const char* kind : {"reorder-receipts", "late-receipt"}) {
        CAPTURE(kind);
        simulator::options chosen;
        chosen.late = std::chrono::milliseconds(100);
        faulty f(kind, chosen);
        f.link.submit("1", "x");
        CHECK(f.link.next()->result() == 0);
        f.link.submit("2", "x");
        CHECK(f.link.next()->result() == 0);
        CHECK(f.link.next()->told().dest_terminal_id == "2");
        CHECK(f.link.next()->told().dest_terminal_id == "1");
    }
}

TEST_CASE("cmpp simulator: a report may have the width of the other version") {
    for (const auto as : {dialect::v20, dialect::v30}) {
        simulator::options chosen;
        chosen.version = as;
        faulty f("report-width", chosen);
        for (const bool other : {true, false}) {
            f.link.submit("13800138001", "x");
            const auto id = f.link.next()->as<message_resp>().msg_id;
            const auto report = f.link.next();
            CHECK(report->as<deliver>().content.size() ==
                  ((as == dialect::v20) == other ? 71 : 60));
            CHECK(report->told().msg_id == id);
            CHECK(report->told().dest_terminal_id == "13800138001");
        }
    }
}

TEST_CASE("cmpp simulator: links die before and after the answer, half way and in garbage") {
    {
        faulty f("reset-before-response");
        f.link.submit("1", "in doubt");
        CHECK(!f.link.next());
        CHECK(f.gateway.stat("accepted") == 1);
    }
    {
        faulty f("reset-after-response");
        f.link.submit("1", "x", 0);
        CHECK(f.link.next()->result() == 0);
        CHECK(!f.link.next());
    }
    {
        faulty f("half-open");
        f.link.submit("1", "x");
        f.link.submit("1", "x");
        CHECK(f.gateway.comes_to("pdus_in", 3));
        CHECK(f.link.nothing_came());
        CHECK(f.gateway.stat("accepted") == 0);
    }
    {
        faulty f("garbage");
        f.link.submit("1", "x", 0);
        CHECK_THROWS(f.link.next());
        CHECK(f.gateway.stat("accepted") == 1);
    }
    {
        faulty f("no-response");
        f.link.submit("1", "x", 0);
        f.link.sync();
        CHECK(f.gateway.stat("accepted") == 1);
    }
    {
        faulty f("wrong-sequence");
        f.link.submit("1", "x", 0);
        CHECK(f.link.next()->p.head.sequence > 0x01000000);
    }
}

TEST_CASE("cmpp simulator: slow reads and split writes change nothing that matters") {
    for (const char* kind : {"slow-read", "split-writes"}) {
        CAPTURE(kind);
        faulty f(kind);
        f.link.submit("1", "x");
        const auto id = f.link.next()->as<message_resp>().msg_id;
        CHECK(f.link.next()->told().msg_id == id);
    }
}

TEST_CASE("cmpp simulator: receipts that stop come over the next link") {
    faulty f("receipts-stop");
    f.link.submit("1", "one");
    CHECK(f.link.next()->result() == 0);
    f.link.sync();
    CHECK(f.link.nothing_came());
    client again(f.gateway.port());
    REQUIRE(again.log_in() == 0);
    CHECK(again.next()->told().dest_terminal_id == "1");
}

TEST_CASE(
    "cmpp simulator: more unanswered than the window are flow control, and the link is tested") {
    simulator::options chosen;
    chosen.window = 1;
    chosen.response_delay = std::chrono::milliseconds(30);
    chosen.link_test = std::chrono::milliseconds(20);
    carrier gateway(chosen);
    client link(gateway.port());
    REQUIRE(link.log_in() == 0);
    link.submit("1", "a", 0);
    link.submit("1", "b", 0);
    std::vector<std::uint32_t> results;
    bool tested = false;
    while (results.size() < 2 || !tested) {
        const auto came = link.next();
        if (came->p.head.id == command::active_test)
            tested = true;
        else
            results.push_back(came->result());
    }
    CHECK(results == std::vector<std::uint32_t>{0, 8});
}

TEST_CASE("cmpp simulator: the log has the words of every simulator, ids as hexadecimal digits") {
    const auto path = std::string(BUILD_DIR) + "/cmpp_simulator_log.jsonl";
    std::remove(path.c_str());
    simulator::options chosen;
    chosen.log = path;
    carrier gateway(chosen);
    client link(gateway.port());
    REQUIRE(link.log_in() == 0);
    link.submit("8613800138001", "one");
    const auto id = vectors::hex_of(simulator::octets_of(link.next()->as<message_resp>().msg_id));
    link.answer(*link.next());
    link.sync();
    gateway.stop();
    std::vector<boost::json::object> lines;
    std::ifstream in(path);
    for (std::string line; std::getline(in, line);)
        lines.push_back(boost::json::parse(line).as_object());
    REQUIRE(lines.size() == 3);
    CHECK(lines[0].at("ev").as_string() == "submit");
    CHECK(lines[0].at("source").as_string() == "10690000");
    CHECK(lines[0].at("dest").as_string() == "8613800138001");
    CHECK(lines[0].at("sm").as_string() == "6f6e65");
    CHECK(lines[2].at("ev").as_string() == "answered");
    for (const auto& line : lines)
        CHECK(std::string(line.at("id").as_string()) == id);
    std::remove(path.c_str());
}

} // namespace simulator_test
