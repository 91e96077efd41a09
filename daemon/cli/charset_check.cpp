#include "cli/charset_check.hpp"

#include "cli/csv.hpp"
#include "cli/printable.hpp"
#include "encoding/gbk.hpp"

#include <algorithm>
#include <fstream>

namespace posthorn::cli {

namespace {

constexpr std::size_t read_at_once = 1U << 18;
constexpr std::size_t longest_character = 4;
constexpr std::size_t shown_octets = 24;

bool is_ascii_octet(char c) { return static_cast<unsigned char>(c) < 0x80; }

// The first characters beyond ASCII that stand together.
std::string first_foreign(std::string_view text) {
    const auto* begin = std::ranges::find_if_not(text, is_ascii_octet);
    const auto* end = std::find_if(begin, text.end(), is_ascii_octet);
    std::string_view found(begin, static_cast<std::size_t>(end - begin));
    if (found.size() > shown_octets) {
        found = found.substr(0, shown_octets);
        while (encoding::check_utf8(found))
            found.remove_suffix(1);
    }
    return std::string(found);
}

// The first word beyond ASCII of a file that is UTF-8 from end to end; empty when it is not, or has
// none.
std::string utf8_word_of(const std::filesystem::path& file) {
    std::ifstream in(file, std::ios::binary);
    std::string word;
    std::string text(utf8_mark.size(), '\0');
    in.read(text.data(), static_cast<std::streamsize>(text.size()));
    text.resize(static_cast<std::size_t>(in.gcount()));
    const bool marked = text == utf8_mark;
    if (marked)
        text.clear();
    while (in) {
        const auto kept = text.size();
        text.resize(kept + read_at_once);
        in.read(text.data() + kept, read_at_once);
        text.resize(kept + static_cast<std::size_t>(in.gcount()));
        const auto bad = encoding::check_utf8(text);
        const bool cut = bad && in && text.size() - bad->offset < longest_character;
        if (bad && !cut)
            return {};
        const auto whole = bad ? bad->offset : text.size();
        if (word.empty())
            word = first_foreign(std::string_view(text).substr(0, whole));
        text.erase(0, whole);
    }
    return word.empty() && marked ? std::string(utf8_mark) : word;
}

} // namespace

std::optional<std::string> charset_mistake(const std::filesystem::path& file,
                                           const std::string& charset) {
    if (charset == "utf-8")
        return std::nullopt;
    const auto word = utf8_word_of(file);
    if (word.empty())
        return std::nullopt;
    const auto misread = encoding::decode_charset(charset, word);
    return "is UTF-8, not " + charset + ": leave --encoding out" +
           (misread ? " ('" + printable(word) + "' would become '" + printable(*misread) +
                          "'; if that is the right reading, convert it: iconv -f " + charset +
                          " -t utf-8)"
                    : "");
}

} // namespace posthorn::cli
