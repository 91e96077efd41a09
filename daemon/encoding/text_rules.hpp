// How texts leave by one account: what its carrier takes, adds, and does not carry. By default as
// they are.
#pragma once

#include "encoding/parts.hpp"

#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace posthorn::encoding {

struct text_rules {
    /// Signatures of ours. The one a text begins with is cut off: the carrier puts it there itself.
    std::vector<std::string> cut_off;
    /// What the carrier puts before a text; empty: what was cut off.
    std::string carrier_adds;
    std::u32string forbidden; ///< a text with one of them is not for this carrier
    std::vector<std::pair<char32_t, std::string>> replaced;
    std::vector<alphabet> national; ///< may be announced
    char32_t gsm7_up_to = 0x10FFFF; ///< as of split_options

    bool operator==(const text_rules&) const = default;
};

struct account_text {
    std::string text;
    std::string carrier_adds;
};

/// As it leaves; or why it cannot: "it has U+2605 ★, which the carrier does not take".
boost::system::result<account_text, std::string> text_by(const text_rules& rules,
                                                         std::string_view utf8);

/// Its parts; of the options those that the rules do not say.
boost::system::result<split_text, std::string>
split_by(const text_rules& rules, std::string_view utf8, split_options options);

/// The tables of a language that parts may announce: its single shift, its locking shift, both.
std::vector<alphabet> tables_of(single_shift language);

} // namespace posthorn::encoding
