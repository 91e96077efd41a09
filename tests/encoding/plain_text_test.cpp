#include "encoding/plain_text.hpp"

#include <doctest/doctest.h>

namespace plain_text_test {

using posthorn::encoding::plain_text;

TEST_CASE("plain text: spellings of one word are one, other words stay others") {
    struct row {
        const char* typed;
        const char* plain;
    };
    for (const auto& r : {
             row{"TD", "TD"},
             row{"td", "TD"},
             row{"ＴＤ", "TD"},
             row{"ｔｄ　账单", "TD 账单"},
             row{" \t退订 \r\n", "退订"},
             row{"“退订。”", "退订"},
             row{"【退订】！", "退订"},
             row{"stop!!!", "STOP"},
             row{"\"Stop\".", "STOP"},
             row{"Stop   billing", "STOP BILLING"},
             row{"stop,billing", "STOP,BILLING"},   // inside it stays as it is
             row{"\xE2\x80\x8BT\xEF\xBB\xBF", "T"}, // zero width space, byte order mark
             row{"0000", "0000"},
             row{"-5", "5"},
             row{"+5", "+5"},
             row{"é", "é"},
             row{"T\xFF", "T\xEF\xBF\xBD"},
             row{"。。！ ", ""},
             row{"", ""},
         }) {
        CAPTURE(r.typed);
        CHECK(plain_text(r.typed) == r.plain);
    }
}

} // namespace plain_text_test
