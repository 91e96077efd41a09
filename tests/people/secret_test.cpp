#include "people/secret.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <set>

namespace secret_test {

using namespace posthorn::people;

TEST_CASE("people: a secret fits its own hash and no other") {
    const auto hash = hash_of("4711");
    CHECK(fits("4711", hash));
    CHECK_FALSE(fits("4712", hash));
    CHECK_FALSE(fits("", hash));
    CHECK_FALSE(fits("47110", hash));
    CHECK(hash.find("4711") == std::string::npos);
}

TEST_CASE("people: two hashes of one secret differ, each has its own salt") {
    CHECK(hash_of("4711") != hash_of("4711"));
}

TEST_CASE("people: nothing fits what is no hash of ours") {
    const auto hash = hash_of("4711");
    for (const auto& broken :
         {std::string(), std::string("4711"), std::string("scrypt$12$8$1$AA=="),
          hash.substr(0, hash.size() - 1), "x" + hash, hash + "$", "scrypt$40" + hash.substr(9),
          "scrypt$0" + hash.substr(9)}) {
        CAPTURE(broken);
        CHECK_FALSE(fits("4711", broken));
    }
}

TEST_CASE("people: a PIN that everybody tries first is refused, and why is said") {
    for (const auto* weak : {"0000", "1111", "99999999", "1234", "12345678", "4321", "9876", "7890",
                             "2468", "3210", "8001", "000008001"}) {
        CAPTURE(weak);
        CHECK_FALSE(pin_mistake(weak, "8613800008001").empty());
    }
    for (const auto* wrong : {"", "123", "123456789", "12a4", "１２３４", "12 34"}) {
        CAPTURE(wrong);
        CHECK(pin_mistake(wrong, "8613800008001") == "a PIN has 4 to 8 digits");
    }
    for (const auto* good : {"4711", "1235", "00001", "19840612", "8002"}) {
        CAPTURE(good);
        CHECK(pin_mistake(good, "8613800008001") == "");
    }
}

TEST_CASE("people: a code has six digits and is not the last one again") {
    std::set<std::string> codes;
    for (int i = 0; i < 200; ++i) {
        const auto code = new_code();
        CHECK(code.size() == 6);
        CHECK(std::ranges::all_of(code, [](char c) { return c >= '0' && c <= '9'; }));
        codes.insert(code);
    }
    CHECK(codes.size() > 190);
}

} // namespace secret_test
