// The adapter's inner parts, and its options.
#include "plugins/fake_host.hpp"
#include "sgip/adapter/callers.hpp"
#include "sgip/adapter/charging.hpp"
#include "sgip/adapter/doubtful.hpp"
#include "sgip/adapter/numbering.hpp"

namespace adapter_parts_test {

using namespace posthorn;
using namespace posthorn::sgip;
using boost::asio::ip::make_address;

TEST_CASE("sgip: numbers go on though the clock is set back") {
    numbering numbers(7, 0xFFFFFFFF);
    const sdk::instant noon =
        std::chrono::sys_days(std::chrono::year(2026) / 11 / 22) + std::chrono::hours(4);
    CHECK(numbers.next(noon) == sequence{7, 1122120000, 0xFFFFFFFF});
    CHECK(numbers.next(noon + std::chrono::milliseconds(999)) == sequence{7, 1122120000, 0});
    CHECK(numbers.next(noon + std::chrono::seconds(1)) == sequence{7, 1122120001, 1});
    CHECK(numbers.next(noon) == sequence{7, 1122120000, 2});
    const sequence s{3010012345, 1122120000, 0xFFFFFFFF};
    CHECK(sequence_of(key_of(s)) == s);
}

TEST_CASE("sgip: of texts without an answer the newest are kept, each for one report") {
    doubtful all;
    for (std::uint32_t i = 0; i <= doubtful::most; ++i)
        all.add({1, 2, i}, i);
    CHECK(!all.take({1, 2, 0}));
    CHECK(all.take({1, 2, 1}) == 1);
    CHECK(!all.take({1, 2, 1}));
    CHECK(all.take({1, 2, doubtful::most}) == doubtful::most);
}

TEST_CASE("sgip: callers are known by address and network") {
    const callers some("10.1.2.3, 10.2.0.0/15,2001:db8::/33");
    for (const auto* good :
         {"10.1.2.3", "10.2.0.1", "10.3.255.255", "2001:db8::1", "::ffff:10.1.2.3"})
        CHECK_MESSAGE(some.may(make_address(good)), good);
    for (const auto* bad : {"10.1.2.4", "10.4.0.0", "2001:db8:8000::1", "::1"})
        CHECK_MESSAGE(!some.may(make_address(bad)), bad);
    CHECK(callers("").may(make_address("192.0.2.1")));
    CHECK(callers("0.0.0.0/0").may(make_address("192.0.2.1")));
    for (const auto* wrong : {"10.1.2", "10.1.2.3/33", "10.1.2.3/", "10.1.2.3/x", "smg.example.com",
                              "10.1.2.3,,10.1.2.4", "::1/129", " "})
        CHECK_THROWS_WITH_AS(callers{wrong}, doctest::Contains("is neither an address"),
                             std::invalid_argument);
}

TEST_CASE("sgip: what an account says of a type is checked") {
    for (const auto* good : {"", "service_type=SVC02", "fee_type=4 fee_value=100 given_value=",
                             "charge_number=recipient morelate_to_mt=3 agent_flag=1"})
        CHECK_MESSAGE(wrong_charging("bill.*", good).empty(), good);
    for (const auto* wrong : {"fee_type=5", "fee_type=", "fee_type=x", "agent_flag=2", "nothing=1",
                              "service_type=12345678901", "morelate_to_mt=4", "fee_type"})
        CHECK_MESSAGE(!wrong_charging("bill.*", wrong).empty(), wrong);
    CHECK(!wrong_charging("*", "fee_type=1").empty());
}

TEST_CASE("sgip: every option has a fallback or is required, and says what it is for") {
    for (const auto& o : posthorn_adapter_plugin.options) {
        CAPTURE(o.name);
        CHECK(!o.help.empty());
        CHECK((o.required ? o.fallback.empty() : true));
    }
}

} // namespace adapter_parts_test
