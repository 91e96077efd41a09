// The verbs that ask the daemon, against a server of a few lines on a Unix socket.
#include "cli/json_text.hpp"
#include "cli/pages.hpp"
#include "cli/run.hpp"
#include "cli/scratch.hpp"
#include "cli/socket_client.hpp"

#include <boost/asio/io_context.hpp>
#include <boost/asio/local/stream_protocol.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/http/read.hpp>
#include <boost/beast/http/string_body.hpp>
#include <boost/beast/http/write.hpp>
#include <boost/json/parse.hpp>
#include <doctest/doctest.h>

#include <ctime>
#include <functional>
#include <map>
#include <sstream>
#include <thread>
#include <vector>

namespace daemon_test {

using namespace posthorn::cli;
namespace asio = boost::asio;
namespace http = boost::beast::http;
using local = asio::local::stream_protocol;

namespace {

struct canned {
    unsigned status = 200;
    std::string body;
};

// Answers as many requests as it is told to, by "METHOD TARGET".
class server {
public:
    server(const std::filesystem::path& path, std::map<std::string, canned> answers, int requests)
        : acceptor_(loop_, local::endpoint(path.string())), answers_(std::move(answers)),
          thread_([this, requests] {
              for (int i = 0; i < requests; ++i)
                  serve_one();
          }) {}
    ~server() { join(); }
    server(const server&) = delete;
    server& operator=(const server&) = delete;

    // The requests that came: "METHOD TARGET BODY".
    const std::vector<std::string>& seen() {
        join();
        return seen_;
    }

private:
    void join() {
        if (thread_.joinable())
            thread_.join();
    }

    void serve_one() {
        local::socket socket(loop_);
        acceptor_.accept(socket);
        boost::beast::flat_buffer buffer;
        http::request<http::string_body> request;
        http::read(socket, buffer, request);
        const std::string name =
            std::string(request.method_string()) + " " + std::string(request.target());
        seen_.push_back(name + (request.body().empty() ? "" : " " + request.body()));
        const auto found = answers_.find(name);
        http::response<http::string_body> answer;
        answer.result(found == answers_.end() ? 404 : found->second.status);
        answer.body() = found == answers_.end() ? "{}" : found->second.body;
        answer.prepare_payload();
        http::write(socket, answer);
    }

    asio::io_context loop_;
    local::acceptor acceptor_;
    std::map<std::string, canned> answers_;
    std::vector<std::string> seen_;
    std::thread thread_;
};

struct outcome {
    int code = 0;
    std::string out;
    std::string err;
};

outcome type(std::vector<const char*> words) {
    std::ostringstream out;
    std::ostringstream err;
    console to{out, err, false};
    words.insert(words.begin(), "posthorn");
    const int code = run(static_cast<int>(words.size()), words.data(), to);
    return {code, out.str(), err.str()};
}

void in_utc() {
    setenv("TZ", "UTC", 1);
    tzset();
}

} // namespace

TEST_CASE("client: a 2xx answer is its JSON, another one is the daemon's own words") {
    struct row {
        canned answer;
        const char* refusal; // empty: none
    };
    for (const auto& r :
         {row{{200, R"({"a":1})"}, ""}, row{{204, ""}, ""},
          row{{409, R"({"title":"Too late","detail":"it is delivered","status":409})"},
              "Too late: it is delivered"},
          row{{404, R"({"title":"Not found"})"}, "Not found"},
          row{{500, "oops"}, "posthornd answered with status 500 and without a reason"},
          row{{200, "<html>"}, "posthornd answered something that is not JSON"}}) {
        CAPTURE(r.answer.body);
        const scratch dir;
        server daemon(dir.path / "s", {{"GET /v1/status", r.answer}}, 1);
        const auto got = socket_client(dir.path / "s", "--socket").get("/v1/status");
        const std::string refusal = got ? "" : got.error().reason;
        CHECK(refusal.starts_with(r.refusal));
        CHECK(refusal.empty() == std::string(r.refusal).empty());
    }
}

TEST_CASE("client: a daemon that is not there is told with the socket and where it is set") {
    const scratch dir;
    const auto got = socket_client(dir.path / "none", "`socket:` in /etc/p.yaml").get("/v1/status");
    REQUIRE_FALSE(got.has_value());
    CHECK(got.error().reason.starts_with("posthornd is not running, or listens elsewhere: " +
                                         (dir.path / "none").string()));
    CHECK(got.error().reason.ends_with("see `socket:` in /etc/p.yaml"));
    const auto longer = socket_client(std::string(200, 'x'), "--socket").get("/");
    CHECK(longer.error().reason.find("longer than 107 octets") != std::string::npos);
}

TEST_CASE("client: a daemon that never answers is given up") {
    const scratch dir;
    asio::io_context loop;
    const local::acceptor silent(loop, local::endpoint((dir.path / "s").string()));
    const auto got =
        socket_client(dir.path / "s", "--socket", std::chrono::seconds(0)).get("/v1/status");
    REQUIRE_FALSE(got.has_value());
    CHECK(got.error().reason.find("no answer from posthornd") != std::string::npos);
}

TEST_CASE("client: a daemon that hangs up half way is told as that") {
    const scratch dir;
    asio::io_context loop;
    local::acceptor acceptor(loop, local::endpoint((dir.path / "s").string()));
    std::thread rude([&] {
        local::socket socket(loop);
        acceptor.accept(socket);
    });
    const auto got = socket_client(dir.path / "s", "--socket").get("/v1/status");
    rude.join();
    REQUIRE_FALSE(got.has_value());
    CHECK(got.error().reason.starts_with("lost posthornd at"));
}

TEST_CASE("client: what may not stand in a URL is encoded") {
    CHECK(url_encoded("B-1_2.~") == "B-1_2.~");
    CHECK(url_encoded("a b/c?d&张") == "a%20b%2Fc%3Fd%26%E5%BC%A0");
}

TEST_CASE("verbs: status prints the verdict first, and tolerates what is missing") {
    in_utc();
    const scratch dir;
    const std::string body = R"({"verdict":"sim is down: connection refused",
        "started_at":"2026-11-02T09:00:00Z",
        "accounts":[{"name":"sim","adapter":"smpp","delivery":"live","slots":0,"open":12,
                     "why":"connection refused","submitted_per_second":1234.5}],
        "sources":[{"name":"billing","problem":"","waiting":4096,"kept_back":150000,"quota":
                    [{"window":"minute","limit":6000,"used":0,"ends":"2026-11-02T09:01:00Z"},
                     {"window":"day","limit":100000,"used":100000,"ends":"2026-11-02T16:00:00Z"}]},
                   {"name":"codes","problem":"","waiting":0,"kept_back":0,"quota":[]}],
        "queue":[{"pool":"sms","priority":"normal","source":"billing","waiting":123456}],
        "parked":[{"reason":"data: missing field 'amount'","events":1200}],
        "totals":{"events":1234567,"waiting for receipts":3}})";
    server daemon(dir.path / "s", {{"GET /v1/status", {200, body}}}, 2);
    const std::string socket = (dir.path / "s").string();
    const auto page = type({"--socket", socket.c_str(), "status"});
    CHECK(page.code == 0);
    CHECK(page.out ==
          "sim is down: connection refused\n"
          "running since 2026-11-02 09:00:00.000\n"
          "\naccounts\n"
          "  name  adapter  delivery  slots  open  per second\n"
          "  sim   smpp     live          0    12      1234.5  connection refused\n"
          "\nsources\n"
          "  name     waiting  kept back  quota used\n"
          "  billing    4,096    150,000  0 of 6,000 a minute, 100,000 of 100,000 a day\n"
          "  codes          0\n"
          "\nqueue\n"
          "  pool  priority  source   waiting\n"
          "  sms   normal    billing  123,456\n"
          "\nparked\n"
          "  events  reason\n"
          "   1,200  data: missing field 'amount'\n"
          "\ntotals\n"
          "  events                1,234,567\n"
          "  waiting for receipts          3\n");
    const auto raw = type({"status", "--json", "--socket", socket.c_str()});
    CHECK(boost::json::parse(raw.out) == boost::json::parse(body));
    CHECK(status_page(boost::json::parse("[]")) == "no verdict\n");
}

TEST_CASE("verbs: show tells a life in the order of its times") {
    in_utc();
    const scratch dir;
    const std::string body = R"({"events":[{"id":77,"source":"billing","key":"B 1",
        "type":"bill.issued","run":"2026-11","to_kind":"number","to_ref":"138****5678",
        "state":"partial","reason":"","received_at":"2026-11-02T09:00:00Z",
        "messages":[{"id":78,"state":"partial","recipient":"86138****5678","language":"en",
          "text":"Hello","parts":[
            {"n":1,"state":"delivered","account":"sim","ref":"00A1",
             "attempts":[{"attempt":1,"closed_at":"2026-11-02T09:00:00.200Z","outcome":"deferred",
                          "code":"0x58"}],"opened_at":"2026-11-02T09:00:01Z",
             "submitted_at":"2026-11-02T09:00:02Z","final_at":"2026-11-02T09:00:09Z"},
            {"n":2,"state":"uncertain","account":"sim","attempts":[]}]}]},
        {"key":"B 1","source":"crm","state":"parked","reason":"amount: missing"}]})";
    server daemon(dir.path / "s", {{"GET /v1/show?what=B%201", {200, body}}}, 1);
    const auto page = type({"show", "B 1", "--socket", (dir.path / "s").c_str()});
    CHECK(page.code == 0);
    CHECK(page.out ==
          "B 1  bill.issued from billing, run 2026-11\n"
          "  partial; event 77, to 138****5678\n"
          "\n"
          "  message 78  to 86138****5678  en  2 parts  partial\n"
          "    Hello\n"
          "    2026-11-02 09:00:00.000  taken in\n"
          "    2026-11-02 09:00:00.200  part 1  attempt 1: deferred (0x58)\n"
          "    2026-11-02 09:00:01.000  part 1  handed to sim\n"
          "    2026-11-02 09:00:02.000  part 1  accepted by sim as 00A1\n"
          "    2026-11-02 09:00:09.000  part 1  delivered\n"
          "    now: part 2 is uncertain; settle it with `posthorn uncertain`\n"
          "\n"
          "B 1 from crm\n"
          "  parked\n"
          "  why: amount: missing\n"
          "  next: mend the type or the settings and `posthorn retry --source crm --key 'B 1'`, or "
          "insert a corrected event under this key\n");
}

TEST_CASE("verbs: show of nothing is a refusal") {
    const scratch dir;
    server daemon(dir.path / "s", {{"GET /v1/show?what=x", {200, R"({"events":[]})"}}}, 1);
    const auto page = type({"show", "x", "--socket", (dir.path / "s").c_str()});
    CHECK(page.code == 1);
    CHECK(page.err.starts_with("posthorn: nothing is known of 'x'"));
}

TEST_CASE("verbs: a part is settled by its name, and a message part by part") {
    const scratch dir;
    const std::string list = R"({"uncertain":[{"message":9,"part":1},{"message":8,"part":1},
                                              {"message":9,"part":3}]})";
    server daemon(dir.path / "s",
                  {{"GET /v1/uncertain", {200, list}},
                   {"POST /v1/uncertain/9/1/resend", {200, "{}"}},
                   {"POST /v1/uncertain/9/3/resend", {200, "{}"}},
                   {"POST /v1/uncertain/9/2/accept", {200, "{}"}}},
                  5);
    const std::string socket = (dir.path / "s").string();
    const auto all =
        type({"uncertain", "resend", "9", "--reason", "urged", "--socket", socket.c_str()});
    CHECK(all.out == "9/1: will be sent again\n9/3: will be sent again\n");
    const auto one = type({"uncertain", "accept", "9/2", "--reason", "asked the customer",
                           "--socket", socket.c_str()});
    CHECK(one.code == 0);
    const auto none =
        type({"uncertain", "resend", "7", "--reason", "urged", "--socket", socket.c_str()});
    CHECK(none.code == 1);
    CHECK(none.err.find("message 7 has no uncertain part") != std::string::npos);
    CHECK(daemon.seen() == std::vector<std::string>{
                               "GET /v1/uncertain",
                               R"(POST /v1/uncertain/9/1/resend {"reason":"urged"})",
                               R"(POST /v1/uncertain/9/3/resend {"reason":"urged"})",
                               R"(POST /v1/uncertain/9/2/accept {"reason":"asked the customer"})",
                               "GET /v1/uncertain"});
}

TEST_CASE("verbs: retry sends what was asked for and says how many") {
    struct row {
        const char* answer;
        const char* line;
    };
    for (const auto& r :
         {row{R"({"retried":12})", "12 parked events became messages\n"},
          row{R"({"retried":0,"still_parked":3})",
              "0 parked events became messages, 3 are parked again: `posthorn status` says why\n"},
          row{R"({"retried":0,"still_parked":0})", "no parked event matches\n"}}) {
        const scratch dir;
        server daemon(dir.path / "s", {{"POST /v1/retry", {200, r.answer}}}, 1);
        const auto page = type({"retry", "--source", "billing", "--type", "bill.issued",
                                "--reason-like", "amount", "--socket", (dir.path / "s").c_str()});
        CHECK(page.out == r.line);
        CHECK(daemon.seen().front() ==
              R"(POST /v1/retry {"source":"billing","type":"bill.issued","reason_like":"amount"})");
    }
}

TEST_CASE("verbs: sending is paused and resumed; show asks for one source") {
    const scratch dir;
    server daemon(dir.path / "s",
                  {{"POST /v1/pause", {200, "{}"}},
                   {"POST /v1/resume", {200, "{}"}},
                   {"POST /v1/stop", {200, R"({"scope":"run r 1","cancelled":1200})"}},
                   {"GET /v1/show?what=k&source=crm", {200, R"({"events":[{"key":"k"}]})"}}},
                  5);
    const std::string socket = (dir.path / "s").string();
    CHECK(type({"pause", "--socket", socket.c_str()}).out.starts_with("sending is paused"));
    CHECK(type({"resume", "--socket", socket.c_str()}).out == "sending goes on\n");
    CHECK(type({"show", "k", "--source", "crm", "--socket", socket.c_str()}).code == 0);
    CHECK(type({"stop", "--run", "r 1", "--reason", "wrong", "--socket", socket.c_str()}).out ==
          "sending of run r 1 is stopped: 1,200 messages were cancelled, and what still comes will "
          "be, until `posthorn resume --run r 1`\n");
    CHECK(type({"resume", "--run", "r", "--source", "crm", "--socket", socket.c_str()}).out ==
          "sending of run r of crm goes on\n");
    CHECK(daemon.seen().at(3) == R"(POST /v1/stop {"run":"r 1","reason":"wrong"})");
    CHECK(daemon.seen().back() == R"(POST /v1/resume {"source":"crm","run":"r"})");
}

TEST_CASE("verbs: a stop says what it stops, and why") {
    for (const std::vector<const char*>& words : std::vector<std::vector<const char*>>{
             {"stop", "--reason", "wrong"},
             {"stop", "--run", "r"},
             {"stop", "--run", "r", "--type", "t", "--reason", "wrong"},
             {"stop", "--account", "a", "--source", "s", "--reason", "wrong"}}) {
        auto all = words;
        all.insert(all.end(), {"--socket", "/nowhere"});
        CHECK(type(all).code == 2);
    }
}

TEST_CASE("verbs: wrong usage ends with 2 and an absent daemon with 1") {
    for (const std::vector<const char*>& words : std::vector<std::vector<const char*>>{
             {},
             {"nonsense"},
             {"show"},
             {"import", "f.csv"},
             {"import", "f.csv", "--type", "t", "--source", "s", "--encoding", "ebcdic"},
             {"enqueue", "t", "--source", "s"},
             {"uncertain"},
             {"uncertain", "accept", "9"},
             {"status", "--config", "/nonexistent/posthorn.yaml"}}) {
        const auto page = type(words);
        CAPTURE(page.err);
        CHECK(page.code == 2);
        CHECK_FALSE(page.err.empty());
    }
    CHECK(type({"staus"}).err == "posthorn: no command is called 'staus' (did you mean 'status'?); "
                                 "`posthorn --help` lists them\n");
    CHECK(type({"--config", "x", "test", "evnt"})
              .err.starts_with("posthorn: no command is called 'evnt' after 'test' (did you mean "
                               "'event'?)"));
    CHECK(type({"--version"}).out.starts_with("posthorn "));
    CHECK(type({"--version"}).code == 0);
    CHECK(type({"status", "--socket", "/nonexistent/socket"}).code == 1);
    const auto help = type({"--help"});
    CHECK(help.code == 0);
    CHECK(help.out.find("import") != std::string::npos);
}

TEST_CASE("verbs: consent is shown with its ledger, and set with a reason") {
    in_utc();
    const scratch dir;
    const auto path = dir.path / "s";
    const std::string number = "/v1/consent/13800000001";
    server daemon(
        path,
        {{"GET " + number,
          {200, R"({"number":"8613800000001","out_of":[{"category":"billing","entry":"7"}],)"
                R"("ledger":[{"entry":"7","at":"2026-11-26T04:10:00Z","what":"out",)"
                R"("category":"billing","how":"text","words":"TD 账单"}]})"}},
         {"GET /v1/consent/2", {200, R"({"number":"2","out_of":[],"ledger":[]})"}},
         {"POST " + number,
          {200, R"({"number":"8613800000001","what":"out",)"
                R"("category":"marketing","entry":"8"})"}}},
        4);
    const auto socket = path.string();
    const auto shown = type({"--socket", socket.c_str(), "consent", "show", "13800000001"});
    CHECK(shown.code == 0);
    CHECK(shown.out.find("8613800000001 is out of billing (entry 7)\n") == 0);
    CHECK(shown.out.find("TD 账单") != std::string::npos);
    CHECK(type({"--socket", socket.c_str(), "consent", "show", "2"}).out ==
          "2 has opted out of nothing\n");
    const auto set = type({"--socket", socket.c_str(), "consent", "out", "13800000001",
                           "--category", "marketing", "--reason", "by phone"});
    CHECK(set.out == "8613800000001 is opted out of marketing (entry 8)\n");
    CHECK(type({"--socket", socket.c_str(), "--json", "consent", "in", "13800000001", "--reason",
                "x"})
              .out.find("{\"number\"") == 0);
    CHECK(daemon.seen()[2] ==
          "POST " + number + R"( {"what":"out","category":"marketing","reason":"by phone"})");
    CHECK(daemon.seen()[3] == "POST " + number + R"( {"what":"in","category":"all","reason":"x"})");
    CHECK(type({"--socket", socket.c_str(), "consent", "out", "13800000001"}).code == 2); // why?
}

TEST_CASE("verbs: texts from phones are listed, and one that failed is done with a reason") {
    in_utc();
    const scratch dir;
    const auto path = dir.path / "s.sock";
    server daemon(path,
                  {{"GET /v1/inbound?number=13800000001&outcome=failed&limit=50",
                    {200, R"({"texts":[{"id":"3512","at":"2026-11-02T09:00:00Z","account":"sim",
                              "number":"8613800000001","to":"106900001","outcome":"failed",
                              "command":"bill","text":"DF\u001b"}],"in_time":true,"after":"3512"})"}},
                   {"GET /v1/inbound?limit=50", {200, R"({"texts":[],"in_time":true})"}},
                   {"POST /v1/inbound/3512/done", {200, R"({"id":"3512","outcome":"handled"})"}}},
                  3);
    const std::string socket = path.string();
    const auto listed = type(
        {"--socket", socket.c_str(), "inbound", "--number", "13800000001", "--outcome", "failed"});
    CHECK(listed.out.find("8613800000001") != std::string::npos);
    CHECK(listed.out.find("DF?") != std::string::npos); // no ESC reaches a terminal
    CHECK(listed.out.find("--after 3512") != std::string::npos);
    CHECK(type({"--socket", socket.c_str(), "inbound"}).out == "nothing is found\n");
    CHECK(type({"--socket", socket.c_str(), "inbound", "done", "3512", "--reason", "called"}).out ==
          "text 3512 is handled\n");
    CHECK(daemon.seen().back() == R"(POST /v1/inbound/3512/done {"reason":"called"})");
    CHECK(type({"--socket", socket.c_str(), "inbound", "done", "3512"}).code == 2); // why?
}

TEST_CASE("pages: a tried text is told by what is understood, checked, asked and noted") {
    const auto page = command_page(boost::json::parse(
        R"json({"match":"balance (en)","command":"balance","who":"staff","roles":["sales","driver"],
            "phone":{"number":"8613800000001","role":"sales","pin":true,"locked":false,
                     "accounts":[{"account":"3100000001","name":"x"}]},
            "lookups":[{"lookup":"balance","parameters":{"account":"3100000001"},"rows":1},
                       {"lookup":"bill","parameters":{},"failed":"timeout","why":"slow"}],
            "asks_back":"pin","changes":["out of all"],"notes":["so it is"],
            "outcome":"answered","settled_as":"balance"})json"));
    for (const auto* part : {"balance (en)", "staff in the role sales or driver",
                             "8613800000001, role sales, bound to 3100000001, has a PIN",
                             "balance account=3100000001: 1 rows", "bill: timeout (slow)",
                             "asks back", "out of all", "so it is", "answered, as balance"})
        CHECK_MESSAGE(page.find(part) != std::string::npos, part);
}

} // namespace daemon_test
