#include "encoding/look_alikes.hpp"

#include <array>
#include <span>

namespace posthorn::encoding {

namespace {

struct alike {
    std::string_view written;
    std::u32string_view instead_of;
};

constexpr alike unseen[] = {
    {"'", U"\u2018\u2019\u201A\u201B\u2032\u02BC\u02B9\u02BB\u00B4\u2039\u203A`\uFF40"},
    {"\"", U"\u201C\u201D\u201E\u201F\u2033\u00AB\u00BB\u301D\u301E"},
    {"-", U"\u2010\u2011\u2012\u2013\u2014\u2015\u2212\u2043\uFE63"},
    {"...", U"\u2026"},
    {"..", U"\u2025"},
    {"*", U"\u2022\u2217\u00B7\u25CF"},
    {"/", U"\u2044\u2215"},
    {"x", U"\u00D7"},
    {",", U"\u3001"},
    {".", U"\u3002"},
    {" ", U"\u00A0\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200A\u202F\u205F"
          U"\u3000\t"},
    {"\n", U"\u2028\u2029\u0085\v"},
    {"", U"\u00AD\u200B\u200C\u200D\u200E\u200F\u202A\u202B\u202C\u202D\u202E\u2060\uFE0E\uFE0F"
         U"\uFEFF"},
};

constexpr alike understood[] = {
    {"A", U"ÀÁÂÃĂĄ\u0391"},
    {"a", U"áâãăą"},
    {"B", U"\u0392"},
    {"C", U"ĆČ"},
    {"c", U"çćč"},
    {"D", U"ĎĐ"},
    {"d", U"ďđ"},
    {"E", U"ÈÊËĘĚ\u0395"},
    {"e", U"êëęě"},
    {"G", U"Ğ"},
    {"g", U"ğ"},
    {"H", U"\u0397"},
    {"I", U"ÌÍÎÏİ\u0399"},
    {"i", U"íîïı"},
    {"K", U"\u039A"},
    {"L", U"Ł"},
    {"l", U"ł"},
    {"M", U"\u039C"},
    {"N", U"ŃŇ\u039D"},
    {"n", U"ńň"},
    {"O", U"ÒÓÔÕŐ\u039F"},
    {"o", U"óôõő"},
    {"P", U"\u03A1"},
    {"R", U"Ř"},
    {"r", U"ř"},
    {"S", U"ŚŞŠȘ"},
    {"s", U"śşšș"},
    {"T", U"ŢŤȚ\u03A4"},
    {"t", U"ţťț"},
    {"U", U"ÙÚÛŮŰ"},
    {"u", U"úûůű\u00B5"},
    {"X", U"\u03A7"},
    {"Y", U"Ý\u03A5"},
    {"y", U"ýÿ"},
    {"Z", U"ŹŻŽ\u0396"},
    {"z", U"źżž"},
    {"OE", U"Œ"},
    {"oe", U"œ"},
    {"ss", U"ẞ"},
    {"(c)", U"©"},
    {"(R)", U"®"},
    {"TM", U"™"},
    {"No", U"№"},
    {"EUR", U"\u20A0"},
    {"deg", U"°"},
    {"+/-", U"±"},
    {"/", U"÷"},
    {"!=", U"≠"},
    {"<=", U"≤"},
    {">=", U"≥"},
    {"1/4", U"¼"},
    {"1/2", U"½"},
    {"3/4", U"¾"},
    {"1", U"¹"},
    {"2", U"²"},
    {"3", U"³"},
};

constexpr auto ascii = [] {
    std::array<char, 128> all{};
    for (std::size_t i = 0; i < all.size(); ++i)
        all[i] = static_cast<char>(i);
    return all;
}();

std::optional<std::string_view> found_in(std::span<const alike> table, char32_t code) {
    for (const auto& row : table)
        if (row.instead_of.find(code) != std::u32string_view::npos)
            return row.written;
    return std::nullopt;
}

} // namespace

std::optional<std::string_view> look_alike(char32_t code) {
    if (const auto found = found_in(unseen, code))
        return found;
    if (code >= 0xFF01 && code <= 0xFF5E) // full-width ASCII
        return std::string_view(&ascii[code - 0xFEE0], 1);
    return std::nullopt;
}

std::optional<std::string_view> near_alike(char32_t code) {
    if (const auto found = look_alike(code))
        return found;
    return found_in(understood, code);
}

} // namespace posthorn::encoding
