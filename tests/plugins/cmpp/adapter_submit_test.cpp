// What a unit becomes on the wire, and what an answer, or none, becomes for the host.
#include "plugins/cmpp/adapter_fixture.hpp"

namespace adapter_submit_test {

using namespace posthorn;
using namespace posthorn::tests;

constexpr auto both = {cmpp::dialect::v20, cmpp::dialect::v30};

TEST_CASE_FIXTURE(cmpp_fixture, "cmpp adapter: a unit becomes a SUBMIT") {
    number("msg_level_urgent", 3);
    text("msg_src", "SP0001");
    const auto& s = sent({.recipient = "8613800138000",
                          .octets = "hello",
                          .priority = sdk::priority::urgent,
                          .validity = 90min});
    CHECK(s.msg_id == 0);
    CHECK(s.pk_total == 1);
    CHECK(s.pk_number == 1);
    CHECK(s.registered_delivery == 1);
    CHECK(s.msg_level == 3);
    CHECK(s.service_id == "SVC01");
    CHECK(s.fee_user_type == 2);
    CHECK(s.fee_terminal_id.empty());
    CHECK(s.tp_udhi == 0);
    CHECK(s.msg_fmt == 0);
    CHECK(s.msg_src == "SP0001");
    CHECK(s.fee_type == "01");
    CHECK(s.fee_code == "0");
    CHECK(s.valid_time == "191220093000032+"); // now is 2019-12-20 00:00 UTC, 08:00 in China
    CHECK(s.src_id == "10690000");
    REQUIRE(s.terminals.size() == 1);
    CHECK(s.terminals[0] == "13800138000");
    CHECK(s.content == "hello");
}

TEST_CASE("cmpp adapter: what the options change in a SUBMIT, in both versions") {
    for (const auto as : both) {
        CAPTURE(static_cast<int>(as));
        cmpp_fixture f;
        f.speak(as);
        f.number("receipts", 0);
        f.text("recipients", "international");
        f.text("validity", "none");
        f.text("fee_user_type", "3");
        f.text("fee_terminal_id", "13900000000");
        const auto& s = f.sent({.sender = "106900001", .octets = "hello"});
        CHECK(s.registered_delivery == 0);
        CHECK(s.valid_time.empty());
        CHECK(s.src_id == "106900001");
        CHECK(s.terminals[0] == "8613800138000");
        CHECK(s.fee_user_type == 3);
        CHECK(s.fee_terminal_id == "13900000000");
    }
}

TEST_CASE_FIXTURE(cmpp_fixture, "cmpp adapter: service and price may differ by type of event") {
    entries("by_type", {{"bill.*", "service_id=BILL fee_type=02 fee_code=10 fee_user_type=0"},
                        {"code.login", "service_id=CODE"}});
    const auto bill = sent({.type = "bill.issued", .octets = "1"});
    CHECK(bill.service_id == "BILL");
    CHECK(bill.fee_type == "02");
    CHECK(bill.fee_code == "10");
    CHECK(bill.fee_user_type == 0);
    CHECK(sent({.type = "code.login", .octets = "1"}).service_id == "CODE");
    const auto other = sent({.type = "code.loginx", .octets = "1"});
    CHECK(other.service_id == "SVC01");
    CHECK(other.fee_type == "01");
}

TEST_CASE("cmpp adapter: ASCII where all of it is, else UCS-2, or GBK where the account says so") {
    struct row {
        const char* chinese;
        std::string_view octets;
        sdk::coding as;
        unsigned format;
        std::string_view content;
    };
    for (const auto& r :
         {row{"ucs2", "a\x00\x02"sv, sdk::coding::gsm7, 0, "a@$"},
          row{"ucs2", "\x04"sv, sdk::coding::gsm7, 8, "\x00\xE8"sv}, // è
          row{"ucs2", "\x4F\x60"sv, sdk::coding::ucs2, 8, "\x4F\x60"},
          row{"gbk", "\x4F\x60"sv, sdk::coding::ucs2, 15, "\xC4\xE3"},
          row{"gbk", "\xD8\x3D\xDE\x00"sv, sdk::coding::ucs2, 8, "\xD8\x3D\xDE\x00"sv}}) {
        CAPTURE(r.content);
        cmpp_fixture f;
        f.text("chinese", r.chinese);
        const auto& s = f.sent({.octets = r.octets, .coding = r.as});
        CHECK(s.msg_fmt == r.format);
        CHECK(s.content == r.content);
    }
}

TEST_CASE(
    "cmpp adapter: parts are numbered by the header, and beside it where the account says so") {
    struct row {
        const char* pk_fields;
        std::string_view header;
        unsigned total, number;
    };
    constexpr auto narrow = "\x05\x00\x03\x07\x03\x02"sv, wide = "\x06\x08\x04\x01\x07\x03\x02"sv;
    for (const auto& r :
         {row{"real", narrow, 3, 2}, row{"real", wide, 3, 2}, row{"ones", narrow, 1, 1}}) {
        cmpp_fixture f;
        f.text("pk_fields", r.pk_fields);
        const auto octets = std::string(r.header) + "\x4F\x60";
        const auto& s = f.sent({.octets = octets, .coding = sdk::coding::ucs2, .udh = true});
        CHECK(s.tp_udhi == 1);
        CHECK(s.pk_total == r.total);
        CHECK(s.pk_number == r.number);
        CHECK(s.content == octets);
    }
}

TEST_CASE_FIXTURE(cmpp_fixture,
                  "cmpp adapter: what is too long for its field is rejected, not sent") {
    log_in();
    sdk::unit u{.handle = 1,
                .recipient = "8613800138000",
                .sender = "1069000000000000000000",
                .octets = "hello",
                .validity = 1h};
    (*adapter)->submit({&u, 1});
    CHECK(host.given[1].what == kind::rejected);
    CHECK(host.given[1].code == "Src_Id too long for CMPP");
    sync();
    CHECK(!peer.has(command::submit));
}

TEST_CASE("cmpp adapter: the Msg_Id is the ref, all 64 bits of it, in both versions") {
    for (const auto as : both) {
        cmpp_fixture f;
        f.speak(as);
        f.log_in();
        f.submit(1);
        f.answer(f.submits(1)[0], 0, 0xBB25EB4030390100);
        f.until_given(1);
        CHECK(f.host.given[1].what == kind::accepted);
        CHECK(f.host.given[1].ref == "13485443320150294784");
    }
}

TEST_CASE("cmpp adapter: what a Result means, and what an account says it means") {
    struct row {
        std::uint32_t result;
        kind what;
        bool counts, throttled;
        const char* code;
    };
    for (const auto& r :
         {row{1, kind::rejected, true, false, "1 message structure error"},
          row{3, kind::deferred, true, false, "3 duplicate sequence"},
          row{8, kind::deferred, false, true, "8 flow control"},
          row{9, kind::uncertain, true, false, "9 number not served by this gateway"},
          row{13, kind::rejected, true, false, "13 Dest_terminal_Id error"},
          row{120, kind::deferred, true, false, "120"},
          row{200, kind::rejected, true, false, "200"}}) {
        CAPTURE(r.result);
        cmpp_fixture f;
        f.entries("result_classes", {{"9", "uncertain"}, {"120", "transient"}});
        f.log_in();
        f.submit(1);
        f.answer(f.submits(1)[0], r.result);
        f.until_given(1);
        const auto& v = f.host.given[1];
        CHECK(v.what == r.what);
        CHECK(v.counts == r.counts);
        CHECK(v.throttled == r.throttled);
        CHECK(v.code == r.code);
        CHECK((v.after == 1s) == r.throttled);
    }
}

TEST_CASE_FIXTURE(cmpp_fixture,
                  "cmpp adapter: a Result of the contract's is told to a person once") {
    log_in();
    submit(1, 2);
    for (const auto sequence : submits(2))
        answer(sequence, 7);
    until_given(2);
    CHECK(host.given[2].what == kind::rejected);
    unsigned told = 0;
    for (const auto& line : host.logs)
        if (line.level == sdk::level::warn && line.text.find("service id error") != line.text.npos)
            ++told;
    CHECK(told == 1);
}

TEST_CASE_FIXTURE(cmpp_fixture,
                  "cmpp adapter: never more unanswered than the window, all in one write") {
    log_in();
    CHECK(host.open_slots == 16);
    submit(1, 18);
    CHECK(host.given.size() == 2);
    CHECK(host.given[17].what == kind::deferred);
    CHECK(!host.given[18].counts);
    until_came(command::submit, 16);
    const auto read = peer.pdus.front().read;
    for (const auto& p : peer.pdus)
        CHECK(p.read == read);
    const auto sequences = submits(16);
    answer(sequences[9], 0, 9); // in any order
    until_given(3);
    CHECK(host.given[10].ref == "9");
    submit(30);
    answer(submits(1)[0], 0, 30);
    until_given(4);
    CHECK(host.given[30].ref == "30");
}

TEST_CASE_FIXTURE(cmpp_fixture,
                  "cmpp adapter: no answer in time is uncertain, and the late one is told") {
    duration("response_timeout", 50ms);
    log_in();
    submit(1);
    const auto sequence = submits(1)[0];
    until_given(1);
    CHECK(host.given[1].what == kind::uncertain);
    answer(sequence, 0, 77);
    host.until([&] { return !host.late.empty(); });
    CHECK(host.late[0].ref == "77");
}

TEST_CASE_FIXTURE(cmpp_fixture,
                  "cmpp adapter: a dead link leaves what left uncertain, and nothing else") {
    log_in();
    submit(1);
    until_came(command::submit);
    peer.reset();
    until_given(1);
    CHECK(host.given[1].what == kind::uncertain);
    submit(2); // the link has gone
    CHECK(host.given[2].what == kind::deferred);
    CHECK(!host.given[2].counts);
}

TEST_CASE("cmpp adapter: CANCEL, in both versions, and what cannot be asked") {
    for (const auto as : both) {
        cmpp_fixture f;
        f.speak(as);
        f.log_in();
        for (const std::uint32_t answer : {0U, 1U}) {
            std::optional<sdk::cancellation> got;
            (*f.adapter)
                ->cancel({.ref = "13485443320150294784", .recipient = {}, .sender = {}},
                         [&](sdk::cancellation c) { got = std::move(c); });
            f.until_came(command::cancel);
            const auto packet = f.peer.take(command::cancel);
            CHECK(f.peer.read<cmpp::cancel>(packet).msg_id == 0xBB25EB4030390100);
            f.peer.send(command::cancel_resp, packet.head.sequence, cmpp::cancel_resp{answer});
            f.host.until([&] { return got.has_value(); });
            CHECK(got->what == (answer == 0 ? sdk::cancellation::kind::cancelled
                                            : sdk::cancellation::kind::too_late));
        }
        std::optional<sdk::cancellation> no;
        (*f.adapter)
            ->cancel({.ref = "x1", .recipient = {}, .sender = {}},
                     [&](sdk::cancellation c) { no = std::move(c); });
        REQUIRE(no);
        CHECK(no->what == sdk::cancellation::kind::cannot);
        std::optional<sdk::inquiry> asked;
        (*f.adapter)->query({.ref = "1", .recipient = {}, .sender = {}}, [&](sdk::inquiry i) {
            asked = std::move(i);
        });
        REQUIRE(asked);
        CHECK(asked->what == sdk::inquiry::kind::cannot);
    }
}

TEST_CASE_FIXTURE(cmpp_fixture, "cmpp adapter: wrong options are refused by name") {
    for (const auto& o : posthorn_adapter_plugin.options) {
        if (o.name == "source_addr") {
            CHECK(o.check("source_addr", "123456").empty());
            CHECK(o.check("source_addr", "1234567") == "has more than 6 characters");
        }
        if (o.name == "result_classes") {
            CHECK(o.check("9", "throttle").empty());
            CHECK(!o.check("0", "throttle").empty());
            CHECK(!o.check("9", "sometimes").empty());
        }
        if (o.name == "stat_classes") {
            CHECK(o.check("MK:0001", "expired").empty());
            CHECK(!o.check("MK:00012", "expired").empty());
            CHECK(!o.check("MK:0001", "lost").empty());
        }
        if (o.name == "by_type") {
            CHECK(o.check("bill.*", "service_id=BILL").empty());
            CHECK(!o.check("bill.*", "service=BILL").empty());
            CHECK(!o.check("bill.*", "fee_user_type=9").empty());
            CHECK(!o.check("bill.*", "fee_user_type=").empty());
        }
    }
}

} // namespace adapter_submit_test
