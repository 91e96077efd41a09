#include "email/codec/mime.hpp"
#include "email/codec/opt_out.hpp"
#include "email/codec/plain_words.hpp"

#include <doctest/doctest.h>

namespace codec_opt_out_test {

using namespace posthorn::email;

TEST_CASE("email: a letter that one may opt out of says where, and no other does") {
    envelope e{.from = "bills@example.com",
               .from_name = {},
               .reply_to = {},
               .to = "zhang@example.net",
               .message = 4812,
               .now = {}};
    CHECK(mail_of({"s", "p", {}}, e).find("List-Unsubscribe") == std::string::npos);
    e.opt_out = "bounces@example.com";
    CHECK(mail_of({"s", "p", {}}, e)
              .find("\r\nList-Unsubscribe: <mailto:bounces@example.com?"
                    "subject=opt-out%20posthorn.4812%40example.com>\r\n") != std::string::npos);
}

TEST_CASE("email: the word of somebody who opts out names the letter, and who wrote it") {
    const struct {
        const char* mail;
        const char* address; // null: it is none
    } rows[] = {
        {"From: Zhang <Zhang@example.net>\r\nSubject: opt-out posthorn.4812@example.com\r\n\r\n",
         "Zhang@example.net"},
        {"subject: OPT-OUT\n posthorn.4812@example.com\nfrom: zhang@example.net\n\nbody",
         "zhang@example.net"},
        {"Subject: opt-out posthorn.4812@example.com\n\n", ""},
        {"From: a@b.c\nSubject: Re: opt-out posthorn.4812@example.com\n\n", nullptr},
        {"From: a@b.c\nSubject: opt-out posthorn.4812@elsewhere.com\n\n", nullptr},
        {"From: a@b.c\nSubject: opt-out posthorn.x@example.com\n\n", nullptr},
        {"From: a@b.c\nSubject: opt-out posthorn.99999999999999999999@example.com\n\n", nullptr},
        {"From: a@b.c\nSubject: opt-out\n\n", nullptr},
        {"From: a@b.c\n\nSubject: opt-out posthorn.4812@example.com\n", nullptr},
        {"", nullptr},
    };
    for (const auto& row : rows) {
        CAPTURE(row.mail);
        const auto word = read_opt_out(row.mail, "bills@example.com");
        REQUIRE(word.has_value() == (row.address != nullptr));
        if (!word)
            continue;
        CHECK(word->message == 4812);
        CHECK(word->address == row.address);
    }
}

TEST_CASE("email: a mail server's codes are told in plain words, and none is made up") {
    const struct {
        const char* code;
        const char* means;
    } rows[] = {
        {"5.1.1 smtp; 550 5.1.1 User unknown", "there is no such mailbox"},
        {"452 4.2.2 mailbox full", "the mailbox is full"},
        {"554 5.7.1",
         "that server refuses it by a rule of its own: a black list, or our sender is not trusted"},
        {"550 no", ""},
        {"5.9.9", ""},
        {"1.2.3.4 is blocked", ""},
        {"", ""},
    };
    for (const auto& row : rows) {
        CAPTURE(row.code);
        CHECK(plain_words(row.code) == row.means);
    }
}

} // namespace codec_opt_out_test
