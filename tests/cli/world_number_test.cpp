#include "cli/world_number.hpp"

#include <doctest/doctest.h>

namespace world_number_test {

using namespace posthorn;
using namespace posthorn::cli;

namespace {

const std::vector<country> china{
    {.name = "CN", .calling_code = "86", .trunk_prefix = "0", .mobile = "1[3-9]xxxxxxxxx"}};

std::string read(std::string_view written) {
    const auto number = world_number(written, china);
    return number ? *number : number.error().reason;
}

} // namespace

TEST_CASE("world number: mobile numbers of all countries are read, however they are written") {
    struct row {
        const char *written, *number;
    };
    for (const auto& r : {
             row{"13800000001", "8613800000001"}, row{"+86 138-0000-0001", "8613800000001"},
             row{"+86 (0)138 0000 0001", "8613800000001"},
             row{"tel:+86-138-0000-0001", "8613800000001"}, row{"+30 690 000 0001", "306900000001"},
             row{"0030 (690) 000/0001", "306900000001"}, row{"+852 5123 4567", "85251234567"},
             row{"+44 (0)7911 123456", "447911123456"},
             row{"+1 212 555 0100", "12125550100"}, // nobody can tell a mobile one there
         }) {
        CAPTURE(r.written);
        CHECK(read(r.written) == r.number);
    }
}

TEST_CASE(
    "world number: what no text can reach is refused, with what it is and the digits masked") {
    struct row {
        const char *written, *why;
    };
    for (const auto& r : {
             row{"+30 69000", "bad number: ****000 has too few digits for a number of GR"},
             row{"+30 690 000 0001 22", "bad number: ***********122 is no number of GR"},
             row{"+30 100 000 0001", "bad number: *********001 is no number of GR"},
             row{"+30 210 300 0000", "bad number: *********000 is a fixed line of GR"},
             row{"+44 800 123 4567", "bad number: *********567 is a service number of GB"},
             row{"+999 123 4567", "bad number: *******567 begins with the code of no country"},
             row{"+1 800 FLOWERS", "bad number: has characters that are neither digits"},
             row{"010 12345678", "bad number: "}, // a fixed line of ours
             row{"12", "bad number: "},
             row{"", "bad number: it is empty"},
         }) {
        CAPTURE(r.written);
        const auto why = read(r.written);
        CAPTURE(why);
        CHECK(why.starts_with(r.why));
    }
}

} // namespace world_number_test
