#include "smpp/codec/plain_words.hpp"

#include <doctest/doctest.h>

namespace codec_plain_words_test {

using posthorn::smpp::plain_words;

TEST_CASE("smpp: a carrier's codes are told in plain words, and none is made up") {
    const struct {
        const char* code;
        const char* means;
    } rows[] = {
        {"ESME_RTHROTTLED (0x58)", "we are too fast for this contract: we slow down and try again"},
        {"0x58", "we are too fast for this contract: we slow down and try again"},
        {"ESME_RCNTSUBDL (0x44)", "cannot submit to distribution list"},
        {"0x412", "a code of the carrier's own: its documentation has it"},
        {"0x4FFFF", ""},
        {"EXPIRED", "the phone was off, out of reach or full until the validity was over"},
        {"DELIVRD err:000", "the phone has it"},
        {"UNDELIV err:005",
         "it could not be delivered: the number is not in use, barred, or takes no texts; "
         "err:005 is a number of the carrier's own: its documentation has it"},
        {"MK:0001 err:12 x", "err:12 is a number of the carrier's own: its documentation has it"},
        {"5", ""},
        {"MA:0054", ""},
        {"", ""},
        {"no answer", ""},
    };
    for (const auto& row : rows) {
        CAPTURE(row.code);
        CHECK(plain_words(row.code) == row.means);
    }
}

} // namespace codec_plain_words_test
