// PDUs out of a stream, however it is cut.
#include "smpp/codec/framer.hpp"
#include "smpp/codec/pdu.hpp"

#include <doctest/doctest.h>

#include <string>
#include <vector>

namespace codec_framer_test {

using namespace posthorn::smpp;

TEST_CASE("smpp framer: PDUs come out whole whatever the size of the reads") {
    std::string stream;
    std::vector<std::string> sent;
    for (unsigned i = 0; i < 200; ++i) {
        std::string one;
        const std::string text(i, 'x');
        sm body;
        body.short_message = text;
        encode_sm(one, command::submit_sm, i, body);
        sent.push_back(one);
        stream += one;
    }
    for (const std::size_t step : {1U, 3U, 16U, 100U, 1000U, 100000U}) {
        CAPTURE(step);
        framer f(1024, 512);
        std::vector<std::string> got;
        std::size_t at = 0;
        while (at < stream.size()) {
            const auto taken = f.feed(std::string_view(stream).substr(at, step));
            REQUIRE(taken > 0);
            at += taken;
            std::string_view octets;
            while (f.next(octets) == framer::pdu)
                got.emplace_back(octets);
        }
        CHECK(got == sent);
        CHECK(f.pending() == 0);
    }
}

TEST_CASE("smpp framer: an unfinished PDU is told from an idle link") {
    framer f;
    std::string_view octets;
    f.feed(std::string_view("\0\0\0\x10\0", 5));
    CHECK(f.next(octets) == framer::more);
    CHECK(f.pending() == 5);
}

TEST_CASE("smpp framer: strangers on the port are named") {
    struct row {
        std::string first, hint;
        bool nack;
    };
    const row rows[] = {
        {std::string("\x16\x03\x01\x02", 4), "tls: on", false},
        {std::string("\x15\x03\x01\x00", 4), "tls: on", false},
        {"HTTP", "HTTP server", false},
        {"GET ", "HTTP client", false},
        {"SSH-2.0", "SSH", false},
        {std::string("\0\0\0\x0f", 4), "command_length is 15", true},
        {std::string("\x7f\0\0\0", 4), "command_length is 2130706432", true},
    };
    for (const auto& row : rows) {
        CAPTURE(row.first);
        framer f;
        f.feed(row.first);
        std::string_view octets;
        REQUIRE(f.next(octets) == framer::broken);
        CHECK(f.problem().find(row.hint) != std::string::npos);
        CHECK(f.worth_a_nack() == row.nack);
        f.feed("more of it");
        CHECK(f.next(octets) == framer::broken);
    }
}

TEST_CASE("smpp framer: PDUs before the broken one are still delivered") {
    framer f;
    std::string stream;
    encode_header(stream, command::enquire_link, status::ok, 9);
    stream += "GET / HTTP/1.1";
    f.feed(stream);
    std::string_view octets;
    CHECK(f.next(octets) == framer::pdu);
    CHECK(f.next(octets) == framer::broken);
}

} // namespace codec_framer_test
