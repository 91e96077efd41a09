#include "answers/limits.hpp"

#include <doctest/doctest.h>

namespace limits_test {

using namespace posthorn;
using posthorn::answers::limits;
using namespace std::chrono_literals;
using word = limits::word;

namespace {

constexpr instant start = from_micros(1'760'000'000'000'000);

word nth(limits& l, int n, duration at) { return l.ask("8613", std::to_string(n), start + at); }

} // namespace

TEST_CASE("answers: beyond its limit a phone is told once, then nothing until there is room") {
    limits l({.per_minute = 3, .per_hour = 100, .nuisance_after = 0});
    for (int n = 0; n < 3; ++n)
        CHECK(nth(l, n, 0s) == word::answer);
    CHECK(nth(l, 3, 1s) == word::say_so);
    CHECK(nth(l, 4, 2s) == word::be_silent);
    CHECK(nth(l, 5, 59s) == word::be_silent);
    CHECK(nth(l, 6, 60s) == word::answer);
    CHECK(l.ask("8614", "1", start) == word::answer); // another phone
}

TEST_CASE("answers: an hour has its limit too") {
    limits l({.per_minute = 1000, .per_hour = 5, .nuisance_after = 0});
    for (int n = 0; n < 5; ++n)
        CHECK(nth(l, n, n * 10min) == word::answer);
    CHECK(nth(l, 5, 55min) == word::say_so);
    CHECK(nth(l, 6, 60min) == word::answer); // the first is an hour old
    CHECK(nth(l, 7, 61min) == word::say_so);
}

TEST_CASE("answers: who sends the same again and again is a machine") {
    limits l({.per_minute = 1000, .per_hour = 1000, .nuisance_after = 0});
    for (int n = 0; n < 5; ++n)
        CHECK(nth(l, 1, n * 1s) == word::answer);
    CHECK(nth(l, 1, 6s) == word::be_silent);
    CHECK(nth(l, 2, 7s) == word::answer); // something else
    CHECK(nth(l, 2, 20min) == word::answer);
}

TEST_CASE("answers: who goes beyond a limit again and again within a day is a nuisance") {
    limits l({.per_minute = 1, .per_hour = 1000, .nuisance_after = 3});
    int n = 0;
    const auto goes_beyond = [&l, &n](duration at) {
        CHECK(nth(l, ++n, at) == word::answer);
        return nth(l, ++n, at + 1s);
    };
    CHECK(goes_beyond(0s) == word::say_so);
    CHECK(goes_beyond(1h) == word::say_so);
    l.forget_old(start + 3h); // but not this
    CHECK(goes_beyond(4h) == word::is_nuisance);
    CHECK(goes_beyond(5h) == word::say_so); // after its time it is counted anew
    CHECK(goes_beyond(6h) == word::say_so);
    CHECK(goes_beyond(30h) == word::say_so); // the first is a day old
    l.forget_old(start + 60h);
    CHECK(l.known() == 0);
}

TEST_CASE("answers: a machine that repeats itself is a nuisance too") {
    limits l({.per_minute = 1000, .per_hour = 1000, .nuisance_after = 2});
    const auto repeats = [&l](int n, duration at) {
        for (int i = 0; i < 5; ++i)
            CHECK(nth(l, n, at) == word::answer);
        return nth(l, n, at);
    };
    CHECK(repeats(1, 0s) == word::be_silent);
    CHECK(nth(l, 1, 1s) == word::be_silent);
    CHECK(repeats(2, 2s) == word::is_nuisance);
}

TEST_CASE("answers: phones that have been silent are forgotten") {
    limits l({.per_minute = 3, .per_hour = 100, .nuisance_after = 0});
    nth(l, 1, 0s);
    l.forget_old(start + 30min);
    CHECK(l.known() == 1);
    l.forget_old(start + 1h);
    CHECK(l.known() == 0);
}

} // namespace limits_test
