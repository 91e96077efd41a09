#include "encoding/udh.hpp"

#include "vectors.hpp"

#include <doctest/doctest.h>

namespace udh_test {

using namespace posthorn::encoding;
using namespace posthorn::encoding::test;

TEST_CASE("encoding: a concatenation header is found in any place") {
    struct row {
        std::string hex;
        concat part;
        std::size_t text_at;
    };
    const row rows[] = {
        {"050003cc0201 4869", {0xCC, 2, 1, 8}, 6},
        {"06080412340302 4869", {0x1234, 3, 2, 16}, 7},
        {"0b05040b8423f00003cc0302", {0xCC, 3, 2, 8}, 12},
        {"0b0003cc0201240103250103", {0xCC, 2, 1, 8}, 12},
        {"08700101 0003cc0201", {0xCC, 2, 1, 8}, 9},
        {"07 7000 0003cc0201", {0xCC, 2, 1, 8}, 8},
        {"0a 0003cc0201 0003dd0202", {0xDD, 2, 2, 8}, 11},
        {"050003ccffff", {0xCC, 255, 255, 8}, 6},
    };
    for (const auto& row : rows) {
        CAPTURE(row.hex);
        std::string hex = row.hex;
        std::erase(hex, ' ');
        const auto header = read_header(octets_of(hex));
        REQUIRE(header.part);
        CHECK(*header.part == row.part);
        CHECK(header.text_at == row.text_at);
        CHECK_FALSE(header.broken);
    }
}

TEST_CASE("encoding: a header without sense is not a concatenation") {
    struct row {
        std::string hex;
        bool broken;
        std::size_t text_at;
    };
    const row rows[] = {
        {"00", false, 1},             // UDHL 0 is legal
        {"004869", false, 1},         //
        {"050003cc0200", false, 6},   // number 0
        {"050003cc0203", false, 6},   // number > total
        {"050003cc0000", false, 6},   // total 0
        {"0605040b8423f0", false, 7}, // ports only
        {"", true, 0},                // no UDHL
        {"050003cc02", true, 0},      // UDHL reaches beyond the octets
        {"04 0003cc02", true, 5},     // element reaches beyond UDHL
        {"05 0004cc020161", true, 6}, //
        {"04 0002cc02", true, 5},     // element of a wrong length
        {"07 080412340201 00", true, 8},
        {"01 00", true, 2}, // element without a length
        {"06 0003cc020100", true, 7},
        {"04 24020101", true, 5},
    };
    for (const auto& row : rows) {
        CAPTURE(row.hex);
        std::string hex = row.hex;
        std::erase(hex, ' ');
        const auto header = read_header(octets_of(hex));
        CHECK_FALSE(header.part);
        CHECK(header.broken == row.broken);
        CHECK(header.text_at == row.text_at);
    }
}

TEST_CASE("encoding: national tables are read from the header") {
    const auto both = read_header(octets_of("06240103250103"));
    CHECK(both.tables == alphabet{locking_shift::portuguese, single_shift::portuguese});
    CHECK_FALSE(both.unknown_language);
    CHECK(read_header(octets_of("03240102")).tables.single == single_shift::spanish);
    for (const auto* hex : {"03240106", "03250102", "0325010d"}) {
        CAPTURE(hex);
        const auto header = read_header(octets_of(hex));
        CHECK(header.unknown_language);
        CHECK(header.tables == alphabet{});
    }
}

TEST_CASE("encoding: no octets make the header reader run past the end") {
    for (unsigned a = 0; a < 256; ++a)
        for (unsigned b = 0; b < 256; ++b)
            for (std::size_t size = 0; size < 8; ++size) {
                std::string octets = {static_cast<char>(a), static_cast<char>(b), 3, 1, 2, 1, 0};
                octets.resize(std::min(octets.size(), size));
                octets.shrink_to_fit();
                const auto header = read_header(octets);
                if (header.text_at > octets.size() || (header.broken && header.part))
                    FAIL_CHECK(hex_of(octets));
            }
}

} // namespace udh_test
