#include "model/address.hpp"

#include <doctest/doctest.h>

#include <string>

namespace address_test {

using namespace posthorn;

TEST_CASE("address: as a source writes it, and as it is kept") {
    struct {
        const char *written, *kept;
    } const rows[] = {{"zhang@example.com", "zhang@example.com"},
                      {" Zhang.San+bills@Mail.Example.COM\n", "Zhang.San+bills@mail.example.com"},
                      {"o'neil@x", "o'neil@x"},
                      {"a@xn--fiqs8s", "a@xn--fiqs8s"}};
    for (const auto& row : rows) {
        CAPTURE(row.written);
        const auto address = to_email(row.written);
        REQUIRE(address.has_value());
        CHECK(*address == row.kept);
    }
}

TEST_CASE("address: what is none, and why, with the name masked") {
    struct {
        std::string written, why;
    } const rows[] = {
        {"", "it is empty"},
        {"  ", "it is empty"},
        {"zhang", "is not NAME@DOMAIN"},
        {"a@b@c", "is not NAME@DOMAIN"},
        {"@example.com", "no plain name"},
        {"a..b@example.com", "no plain name"},
        {".a@example.com", "no plain name"},
        {"\"a b\"@example.com", "no plain name"},
        {"a b@example.com", "no plain name"},
        {"a\r\nRCPT TO:<b>@example.com", "no plain name"},
        {std::string(65, 'a') + "@example.com", "no plain name"},
        {"zhang@", "no domain"},
        {"zhang@exa mple.com", "no domain"},
        {"zhang@-x.com", "no domain"},
        {"zhang@x..com", "no domain"},
        {"zhang@[127.0.0.1]", "no domain"},
        {"zhang@x.com\r\nDATA", "no domain"},
        {"张@example.com", "other than ASCII"},
        {"zhang@例子.com", "other than ASCII"},
    };
    for (const auto& row : rows) {
        CAPTURE(row.written);
        const auto address = to_email(row.written);
        REQUIRE_FALSE(address.has_value());
        CHECK(address.error().reason.find(row.why) != std::string::npos);
        CHECK(address.error().reason.find("zhang@") == std::string::npos);
    }
}

} // namespace address_test
