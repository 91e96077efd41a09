#include "settings/brake_settings.hpp"

#include <doctest/doctest.h>

namespace brake_settings_test {

using namespace posthorn::settings;

namespace {

struct outcome {
    brake_settings brake;
    std::string problems;
};

outcome read(const std::string& yaml) {
    auto file = document::parse(yaml, "posthorn.yaml");
    auto brake = read_brake(file.root().optional_map("brake"));
    return {std::move(brake), format(file.finish())};
}

} // namespace

TEST_CASE("brake: on unless it is switched off") {
    CHECK(read("brake: {}").brake.enabled);
    CHECK_FALSE(read("brake: {enabled: off}").brake.enabled);
    const auto got = read("brake: {first: 10, most_in_an_hour: {bill.issued: 5000}}");
    CHECK(got.problems.empty());
    CHECK(got.brake.first == 10);
    CHECK(got.brake.enough == 10); // not more than there are
    CHECK(got.brake.good == 80);
    CHECK(got.brake.rejects == 20);
    CHECK(got.brake.most_in_an_hour.at("bill.issued") == 5'000);
}

TEST_CASE("brake: mistakes are told where they stand") {
    struct row {
        std::string yaml, told;
    };
    for (const auto& r : {
             row{"first: 0", "brake.first"},
             row{"first: 10, enough: 11", "brake.enough: must not be more than first"},
             row{"good: 101", "brake.good"},
             row{"rejects: 20%", "brake.rejects"},
             row{"most_in_an_hour: {bill.issued: many}", "brake.most_in_an_hour.bill.issued"},
             row{"most_in_an_hour: 5", "brake.most_in_an_hour"},
             row{"after: 5", "brake: unknown key 'after'"},
         }) {
        CAPTURE(r.yaml);
        const auto told = read("brake: {" + r.yaml + "}").problems;
        CAPTURE(told);
        CHECK(told.find(r.told) != std::string::npos);
    }
}

} // namespace brake_settings_test
