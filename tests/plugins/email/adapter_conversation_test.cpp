#include "email/adapter/conversation.hpp"

#include <doctest/doctest.h>

#include <string>
#include <vector>

namespace adapter_conversation_test {

using namespace posthorn::email;
using kind = posthorn::sdk::verdict::kind;

TEST_CASE("conversation: what its end means") {
    // "<" is what the server said, "." that the letter was given away, all else what we said
    struct {
        std::vector<std::string> talk;
        bool done;
        kind what;
        bool counts, trouble;
    } const rows[] = {
        {{"MAIL FROM:<a>", "<250 ok", "RCPT TO:<b>", "<250 ok", "DATA", "<354 go", ".",
          "<250 queued as 1"},
         true,
         kind::accepted,
         true,
         false},
        {{}, false, kind::deferred, false, true},
        {{"<554 no"}, false, kind::deferred, false, true},
        {{"AUTH PLAIN", "<535 wrong"}, false, kind::deferred, false, true},
        {{"MAIL FROM:<a>", "<530 TLS first"}, false, kind::deferred, false, true},
        {{"MAIL FROM:<a>", "<552 too big"}, false, kind::rejected, true, false},
        {{"MAIL FROM:<a>", "<250 ok", "RCPT TO:<b>", "<450 later"},
         false,
         kind::deferred,
         true,
         false},
        {{"RCPT TO:<b>", "<550-no such", "<550 user"}, false, kind::rejected, true, false},
        {{"RCPT TO:<b>", "<550 no such user", "QUIT", "<221 bye"},
         false,
         kind::rejected,
         true,
         false},
        {{"RCPT TO:<b>", "<250 ok", "EHLO x", "<421 closing"}, false, kind::deferred, false, true},
        {{"RCPT TO:<b>", "<421 closing"}, false, kind::deferred, false, true},
        {{"RCPT TO:<b>"}, false, kind::deferred, false, true},
        {{"DATA", "<354 go"}, false, kind::deferred, false, true},
        {{"DATA", "<354 go", "."}, false, kind::uncertain, true, true},
        {{"DATA", "<354 go", ".", "<451 later"}, false, kind::deferred, true, false},
        {{"DATA", "<354 go", ".", "<554 spam"}, false, kind::rejected, true, false},
    };
    for (const auto& row : rows) {
        conversation c;
        std::string all;
        for (const auto& line : row.talk) {
            all += line + "; ";
            if (line == ".")
                c.gave_all();
            else if (line.starts_with("<"))
                c.heard(line.substr(1) + "\r\n");
            else
                c.said(line + "\r\n");
        }
        CAPTURE(all);
        const auto o = outcome_of(c, row.done, "broken");
        CHECK(o.verdict.what == row.what);
        CHECK(o.verdict.counts == row.counts);
        CHECK(o.trouble.empty() != row.trouble);
        CHECK_FALSE(o.verdict.code.empty());
    }
}

TEST_CASE("conversation: what breaks after a good answer is told as it broke") {
    conversation c;
    c.said("STARTTLS\r\n");
    c.heard("220 TLS go ahead\r\n");
    CHECK(outcome_of(c, false, "SSL certificate problem").trouble == "SSL certificate problem");
}

TEST_CASE("conversation: an answer is shown as the server gave it, made harmless") {
    conversation c;
    c.said("RCPT TO:<b>\r\n");
    c.heard("550 no\x1b[2J\xC3 user\r\n");
    CHECK(outcome_of(c, false, "").verdict.code == "550 no?[2J? user");
}

} // namespace adapter_conversation_test
