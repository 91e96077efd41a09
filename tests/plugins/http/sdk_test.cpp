// What carriers over HTTP share: escapes, forms, JSON, what a status means.
#include "sdk/http/digest.hpp"
#include "sdk/http/escape.hpp"
#include "sdk/http/json_text.hpp"
#include "sdk/http/readings.hpp"

#include <doctest/doctest.h>

#include <initializer_list>

namespace sdk_test {

using namespace posthorn;
using namespace std::chrono_literals;

TEST_CASE("sdk http: a text is escaped as it is right where it stands") {
    const std::string text = "50% & \"<a>\"\n中+'\x01\\";
    CHECK(sdk::percent_encoded(text) == "50%25%20%26%20%22%3Ca%3E%22%0A%E4%B8%AD%2B%27%01%5C");
    CHECK(sdk::json_escaped(text) == "50% & \\\"<a>\\\"\\n中+'\\u0001\\\\");
    CHECK(sdk::xml_escaped(text) == "50% &amp; &quot;&lt;a&gt;&quot;\n中+&apos;\\");
    CHECK(sdk::header_escaped("a\r\nX: b") == "a  X: b");
}

TEST_CASE("sdk http: a form is read as it was written") {
    const sdk::form_fields fields{{"To", "+86 138"}, {"Body", "a=b&c 你好"}, {"Empty", ""}};
    CHECK(sdk::read_form(sdk::form_of(fields)) == fields);
    CHECK(sdk::read_form("a=1&&b&a=2+3") == sdk::form_fields{{"a", "1"}, {"b", ""}, {"a", "2 3"}});
    for (const char* broken : {"a=%", "a=%4", "%zz=1"})
        CHECK_FALSE(sdk::read_form(broken));
}

TEST_CASE("sdk http: digests of the standards' own examples") {
    CHECK(sdk::hex_of(sdk::hash_of(sdk::digest::sha256, "abc")) ==
          "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
    CHECK(sdk::hex_of(sdk::hmac_of(sdk::digest::md5, "Jefe", "what do ya want for nothing?")) ==
          "750c783e6ab0b503eaa86e310a5db738");
    CHECK(sdk::base64_of("a") == "YQ==");
    CHECK(sdk::base64_of("") == "");
    CHECK(sdk::same_secret("x", "x"));
    CHECK_FALSE(sdk::same_secret("x", "xx"));
}

TEST_CASE("sdk http: numbers and texts are read alike, and what is not there is empty") {
    const auto v = sdk::read_json(R"({"a":[{"id":12345678901234567,"s":"0"}],"o":{},"t":true})");
    REQUIRE(v);
    CHECK(sdk::text_at(*v, "/a/0/id") == "12345678901234567");
    CHECK(sdk::text_at(*v, "/a/0/s") == "0");
    CHECK(sdk::text_at(*v, "/t") == "true");
    for (const char* nothing : {"/o", "/a/1/id", "/a/x", "no pointer", "/b/c/d"})
        CHECK(sdk::text_at(*v, nothing).empty());
    CHECK_FALSE(sdk::read_json("{\"a\":"));
    CHECK_FALSE(sdk::read_json(std::string(40, '[') + std::string(40, ']')));
}

TEST_CASE("sdk http: what a status means where the body says nothing") {
    struct row {
        unsigned status;
        std::string retry_after;
        sdk::http_meaning what;
        sdk::duration after;
    };
    for (const auto& [status, wait, what, after] : std::initializer_list<row>{
             {429, "7", sdk::http_meaning::throttle, 7s},
             {429, "", sdk::http_meaning::throttle, 1s},
             {429, "Wed, 21 Oct 2026 07:28:00 GMT", sdk::http_meaning::throttle, 1s},
             {503, "86400", sdk::http_meaning::throttle, 60s},
             {503, "", sdk::http_meaning::throttle, 5s},
             {400, "", sdk::http_meaning::permanent, 0s},
             {404, "", sdk::http_meaning::permanent, 0s},
             {401, "", sdk::http_meaning::config, 0s},
             {403, "", sdk::http_meaning::config, 0s},
             {302, "", sdk::http_meaning::config, 0s},
             {408, "", sdk::http_meaning::uncertain, 0s},
             {500, "", sdk::http_meaning::uncertain, 0s},
             {504, "", sdk::http_meaning::uncertain, 0s},
             {200, "", sdk::http_meaning::uncertain, 0s},
         }) {
        CAPTURE(status);
        CAPTURE(wait);
        const auto said = sdk::by_status({status, {{"retry-after", wait}}, ""});
        CHECK(said.what == what);
        CHECK(said.after == after);
    }
}

TEST_CASE("sdk http: throttling and what did not leave are no attempts") {
    struct row {
        sdk::http_meaning what;
        sdk::verdict::kind kind;
        bool counts, throttled;
    };
    using kind = sdk::verdict::kind;
    for (const auto& r : std::initializer_list<row>{
             {sdk::http_meaning::accepted, kind::accepted, true, false},
             {sdk::http_meaning::transient, kind::deferred, true, false},
             {sdk::http_meaning::again, kind::deferred, false, false},
             {sdk::http_meaning::permanent, kind::rejected, true, false},
             {sdk::http_meaning::opted_out, kind::rejected, true, false},
             {sdk::http_meaning::elsewhere, kind::rejected, true, false},
             {sdk::http_meaning::throttle, kind::deferred, false, true},
             {sdk::http_meaning::config, kind::deferred, false, false},
             {sdk::http_meaning::clock, kind::deferred, false, false},
             {sdk::http_meaning::uncertain, kind::uncertain, true, false},
         }) {
        CAPTURE(static_cast<int>(r.what));
        const auto v = sdk::verdict_of(9, {.what = r.what, .ref = "x", .code = "c"});
        CHECK(v.handle == 9);
        CHECK(v.what == r.kind);
        CHECK(v.counts == r.counts);
        CHECK(v.throttled == r.throttled);
        CHECK(v.ref == (r.kind == kind::accepted ? "x" : ""));
        CHECK(v.opted_out == (r.what == sdk::http_meaning::opted_out));
        CHECK(v.elsewhere == (r.what == sdk::http_meaning::elsewhere));
    }
}

TEST_CASE("sdk http: what may be because of one text of several sends each alone") {
    using sdk::http_meaning;
    for (const auto what :
         {http_meaning::permanent, http_meaning::opted_out, http_meaning::elsewhere,
          http_meaning::transient, http_meaning::throttle, http_meaning::config}) {
        CAPTURE(static_cast<int>(what));
        const bool of_all = what == http_meaning::throttle || what == http_meaning::config;
        const auto two = sdk::refused_as_one(2, {.what = what});
        REQUIRE(two.size() == 2);
        CHECK(two[1].what == (of_all ? what : http_meaning::apart));
        CHECK(sdk::refused_as_one(1, {.what = what})[0].what == what);
    }
}

TEST_CASE("sdk http: characters are counted as carriers do") {
    CHECK(sdk::characters_in("abc") == 3);
    CHECK(sdk::characters_in("你好") == 2);
    CHECK(sdk::characters_in("😀") == 2);
}

} // namespace sdk_test
