#include "templates/event_type.hpp"
#include "templates/renderer.hpp"

#include <doctest/doctest.h>

#include <string>

namespace letter_test {

using namespace posthorn;
using namespace posthorn::templates;

namespace {

const std::string head = R"(name: t
category: service
priority: normal
whom: [number, email]
channels: [sms, email]
validity: 1h
signature: S
fields: {name: {kind: text}, nick: {kind: text, required: false}}
sample: {name: n, nick: k}
default_language: en
texts: {en: "{{ name }}"}
)";

struct read_one {
    settings::problem_list problems;
    std::optional<event_type> type;
    explicit read_one(const std::string& text)
        : type(read_type(text, "t.yaml", zone::utc(), problems)) {}
    std::string first() const {
        return problems.empty()
                   ? ""
                   : std::to_string(problems.front().line) + ": " + problems.front().what;
    }
};

std::string replaced(std::string text, const std::string& what, const std::string& by) {
    return text.replace(text.find(what), what.size(), by);
}

} // namespace

TEST_CASE("letter: what fields bring is text in the HTML, and the template is mark-up") {
    const read_one made(head + R"(emails:
  en:
    subject: "For {{ name }}"
    plain: "Dear {{ name | upper }}"
    html: "<b>{{ name | upper }}</b>{% if nick %}&nbsp;{% endif %}"
)");
    CAPTURE(made.first());
    REQUIRE(made.type);
    renderer render;
    const auto l = render.render_letter(*made.type, made.type->emails, "en-GB",
                                        {{"name", "<a href=\"x\">&'"}, {"nick", "k"}});
    REQUIRE(l.has_value());
    CHECK(l->language == "en");
    CHECK(l->text.subject == "For <a href=\"x\">&'");
    CHECK(l->text.plain == "Dear <A HREF=\"X\">&'");
    CHECK(l->text.html == "<b>&lt;A HREF=&quot;X&quot;&gt;&amp;&#39;</b>&nbsp;");
}

TEST_CASE("letter: mistakes in e-mails are told with their line") {
    struct {
        const char *emails, *first;
    } const rows[] = {
        {"emails:\n  en:\n    subject: s\n    plain: |\n      a\n      {{ nmae }}\n", "17: "},
        {"emails:\n  en:\n    subject: \"{{ name\"\n    plain: p\n", "14: "},
        {"emails:\n  en:\n    subject: s\n", "14: missing key 'plain'"},
        {"emails:\n  en:\n    subject: s\n    plain: p\n    text: x\n", "16: "},
        {"emails:\n  en:\n    subject: s\n    plain: \"{% if nick %}x{% endif %}\"\n",
         "14: plain: is empty"},
        {"emails:\n  zh-CN:\n    subject: s\n    plain: p\n", "13: there is none in the default"},
        {"emails: {}\n", "12: has no text in any language"},
    };
    for (const auto& row : rows) {
        CAPTURE(row.emails);
        const read_one made(head + row.emails);
        CHECK_FALSE(made.type);
        CHECK_MESSAGE(made.first().starts_with(row.first), made.first());
    }
}

TEST_CASE("letter: channels and texts belong together") {
    const std::string emails = "emails: {en: {subject: s, plain: p}}\n";
    struct {
        std::string text, first;
    } const rows[] = {
        {replaced(head, "[sms, email]", "[sms]") + emails, "email needs email among"},
        {replaced(replaced(head, "[sms, email]", "[sms]"), ", email]", "]") + emails,
         "does not name email"},
        {replaced(head, "[sms, email]", "[email]") + emails, "number needs sms among"},
        {replaced(replaced(replaced(head, "[sms, email]", "[email]"), "number, ", ""),
                  "signature: S\n", "") +
             emails,
         "does not name sms"},
    };
    for (const auto& row : rows) {
        CAPTURE(row.text);
        const read_one made(row.text);
        CHECK_FALSE(made.type);
        CHECK_MESSAGE(made.first().find(row.first) != std::string::npos, made.first());
    }
}

} // namespace letter_test
