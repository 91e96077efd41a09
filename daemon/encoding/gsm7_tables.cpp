#include "encoding/gsm7_tables.hpp"

#include <cstddef>

namespace posthorn::encoding {

namespace {

constexpr void add_codes(gsm_table& table, const std::array<char16_t, 128>& from,
                         unsigned septets) {
    for (unsigned code = 0; code < from.size(); ++code) {
        const auto c = from[code];
        const auto value = static_cast<std::uint16_t>(septets << 8 | code);
        if (c == 0 || c == gsm_escape)
            continue;
        if (c == 0x20AC)
            table.euro = value;
        else if (c == 0x221E)
            table.infinity = value;
        else
            table.codes[c] = value;
    }
}

constexpr gsm_table make_table(locking_shift locking, single_shift single) {
    gsm_table table{.shown = sdk::codes_of({locking, single})};
    // The cheaper way last: a character of both tables costs one septet.
    add_codes(table, table.shown.single, 2);
    add_codes(table, table.shown.locking, 1);
    return table;
}

// By locking * 4 + single; no locking table has number 2.
constexpr auto all_tables = [] {
    std::array<gsm_table, 16> tables{};
    for (const auto locking :
         {locking_shift::none, locking_shift::turkish, locking_shift::portuguese})
        for (const auto single : {single_shift::none, single_shift::turkish, single_shift::spanish,
                                  single_shift::portuguese})
            tables[static_cast<std::size_t>(locking) * 4 + static_cast<std::size_t>(single)] =
                make_table(locking, single);
    return tables;
}();

} // namespace

const gsm_table& table_of(alphabet tables) noexcept {
    return all_tables[static_cast<std::size_t>(tables.locking) * 4 +
                      static_cast<std::size_t>(tables.single)];
}

} // namespace posthorn::encoding
