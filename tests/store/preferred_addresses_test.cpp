#include "store/preferred_addresses.hpp"

#include "store/store_bench.hpp"

#include <fstream>

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

TEST_CASE("people: what cannot be read is no wish for a text, and is read again") {
    const live_db::scratch_folder folder;
    preferred_addresses addresses(folder / "live.db");
    std::ofstream(folder / "live.db") << "this is no database, however long one looks at it";
    CHECK_THROWS_AS(addresses.of("8613800000001"), read_failed);
    std::filesystem::remove(folder / "live.db");
    CHECK(addresses.of("8613800000001").empty());
}

TEST_CASE("people: where there is no live.db yet, a text is as good") {
    CHECK(preferred_addresses({}).of("8613800000001").empty());
    CHECK(preferred_addresses("/nowhere/live.db").of("8613800000001").empty());
}

} // namespace preferred_addresses_test
