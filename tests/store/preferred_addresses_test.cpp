#include "store/preferred_addresses.hpp"

#include "store/store_bench.hpp"

namespace preferred_addresses_test {

using namespace posthorn;
using namespace posthorn::store;
using namespace live_db;

TEST_CASE("people: who would rather have letters is found as soon as it is known") {
    bench b;
    preferred_addresses addresses(b.folder / "live.db");
    CHECK(addresses.of("8613800000001").empty());
    const auto put = [&](const char* number, const char* email, const char* channel) {
        put_person p;
        p.number = number;
        p.email = email;
        p.channel = channel;
        p.at = start_of_time;
        b.done(std::move(p));
    };
    put("8613800000002", "li@example.net", "sms");
    CHECK(addresses.of("8613800000002").empty());
    put("8613800000001", "wang@example.net", "email");
    CHECK(addresses.of("8613800000001") == "wang@example.net");
    CHECK(addresses.of("8613800000002").empty());
    put("8613800000001", "", "email");
    CHECK(addresses.of("8613800000001").empty());
}

TEST_CASE("people: where nobody can tell, a text is as good") {
    CHECK(preferred_addresses({}).of("8613800000001").empty());
    CHECK(preferred_addresses("/nowhere/live.db").of("8613800000001").empty());
}

} // namespace preferred_addresses_test
