#include "templates/wording_set.hpp"

#include <doctest/doctest.h>

namespace wording_test {

using namespace posthorn::templates;

TEST_CASE("wording: the wanted language, else its base, else a relative, else the default") {
    const struct {
        std::vector<const char*> there; // sorted, as they are read
        const char* wanted;
        const char* got; // the default is zh-CN, or else the first
    } rows[] = {
        {{"en", "zh-CN"}, "en", "en"},
        {{"en", "zh-CN"}, "EN", "en"},
        {{"en", "zh-CN"}, "en-GB", "en"},
        {{"en", "zh-CN"}, "en_GB", "en"},
        {{"en", "en-GB", "zh-CN"}, "en-GB", "en-GB"},
        {{"en", "en-AU", "zh-CN"}, "en-GB", "en"},
        {{"en-AU", "en-US", "zh-CN"}, "en-GB", "en-AU"},
        {{"en-US", "zh-CN"}, "en", "en-US"},
        {{"en", "zh-CN"}, "zh-TW", "zh-CN"},
        {{"en", "zh-HK", "zh-TW"}, "zh-CN", "zh-HK"},
        {{"en", "zh", "zh-HK"}, "zh-TW", "zh"},
        {{"en", "zh-CN"}, "de", "zh-CN"},
        {{"en", "zh-CN"}, "", "zh-CN"},
        {{"en", "zh-CN"}, "e", "zh-CN"},
        {{"de", "en"}, "fr", "de"},
    };
    for (const auto& row : rows) {
        CAPTURE(row.wanted);
        CAPTURE(row.got);
        wording_set set;
        set.default_language = "zh-CN";
        for (const auto* language : row.there)
            set.texts.push_back({language, {}, {}});
        CHECK(set.wording_for(row.wanted).language == row.got);
    }
}

} // namespace wording_test
