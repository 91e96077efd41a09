#include "model/letter.hpp"

#include <doctest/doctest.h>

namespace letter_test {

using namespace posthorn;

TEST_CASE("letter: what is written is read again, and nothing ends a line that should not") {
    const auto text = write_letter({"Your\r\nbill\t \x01!", "a\r\n\tb\f\x7F", "<p>\f</p>"});
    CHECK(text == "Your bill !\na\n\tb\f<p></p>");
    const auto l = read_letter(text);
    CHECK(l.subject == "Your bill !");
    CHECK(l.plain == "a\n\tb");
    CHECK(l.html == "<p></p>");
    const auto plain = write_letter({"s", "p", ""});
    CHECK(plain == "s\np");
    CHECK(read_letter(plain).html.empty());
}

TEST_CASE("letter: any text can be shown as one") {
    CHECK(read_letter("").plain.empty());
    CHECK(read_letter("only this").subject == "only this");
    CHECK(read_letter("\n").subject.empty());
    CHECK(read_letter("a\n\fb").html == "b");
}

} // namespace letter_test
