#include "encoding/parts.hpp"

#include "encoding/limits.hpp"

#include <algorithm>
#include <stdexcept>

namespace posthorn::encoding {

namespace {

/// A whole text in octets, not yet cut.
struct encoded {
    coding code = coding::gsm7;
    alphabet tables{};
    std::string octets;

    std::size_t unit_octets() const { return code == coding::gsm7 ? 1 : 2; }
};

void put_unit(std::string& out, char32_t unit) {
    out.push_back(static_cast<char>(unit >> 8));
    out.push_back(static_cast<char>(unit & 0xFF));
}

std::optional<std::string> encode_ucs2(std::string_view utf8) {
    std::string out;
    out.reserve(utf8.size());
    for (std::size_t at = 0; at < utf8.size();) {
        const auto c = read_char(utf8, at);
        if (c.octets == 0)
            return std::nullopt;
        if (c.code < 0x10000) {
            put_unit(out, c.code);
        } else {
            put_unit(out, 0xD7C0 + (c.code >> 10));
            put_unit(out, 0xDC00 | (c.code & 0x3FF));
        }
        at += c.octets;
    }
    return out;
}

std::optional<encoded> encode(std::string_view utf8, alphabet national) {
    if (auto octets = encode_gsm7(utf8))
        return encoded{coding::gsm7, {}, std::move(*octets)};
    if (national != alphabet{})
        if (auto octets = encode_gsm7(utf8, national))
            return encoded{coding::gsm7, national, std::move(*octets)};
    if (auto octets = encode_ucs2(utf8))
        return encoded{coding::ucs2, {}, std::move(*octets)};
    return std::nullopt;
}

/// Octets of the longest part at `at` that cuts no pair. In unpacked GSM 7-bit 0x1B is always the
/// first of two, in UTF-16BE a unit D800-DBFF is.
std::size_t part_length(const encoded& text, std::size_t at, std::size_t limit) {
    const std::size_t unit = text.unit_octets();
    const std::size_t length = std::min(limit * unit, text.octets.size() - at);
    const auto last = static_cast<unsigned char>(text.octets[at + length - unit]);
    const bool opens_pair = text.code == coding::gsm7 ? last == gsm_escape : (last & 0xFC) == 0xD8;
    return opens_pair ? length - unit : length;
}

std::vector<std::size_t> cut(const encoded& text, std::size_t limit) {
    std::vector<std::size_t> lengths;
    for (std::size_t at = 0; at < text.octets.size(); at += lengths.back())
        lengths.push_back(part_length(text, at, limit));
    return lengths;
}

std::string make_header(alphabet tables, const split_options& options, std::size_t total,
                        std::size_t number) {
    std::string out;
    const auto put = [&](std::size_t octet) { out.push_back(static_cast<char>(octet & 0xFF)); };
    const auto language = [&](unsigned element, auto shift) {
        if (const auto value = static_cast<unsigned>(shift); value != 0)
            put(element), put(1), put(value);
    };
    const int bits = total > 1 ? options.reference_bits : 0;
    const std::size_t octets = header_octets(tables, bits);
    if (octets == 0)
        return out;
    put(octets - 1);
    if (bits == 8)
        put(0x00), put(3), put(options.reference);
    else if (bits == 16)
        put(0x08), put(4), put(options.reference >> 8), put(options.reference);
    if (bits != 0)
        put(total), put(number);
    language(0x24, tables.single);
    language(0x25, tables.locking);
    return out;
}

std::string trouble_with(const split_options& options) {
    if (options.reference_bits != 8 && options.reference_bits != 16)
        return "reference_bits is " + std::to_string(options.reference_bits) + "; use 8 or 16";
    if (options.max_parts < 1 || options.max_parts > 255)
        return "max_parts is " + std::to_string(options.max_parts) + "; use 1 to 255";
    return {};
}

std::string trouble_with(std::string_view utf8) {
    const auto bad = check_utf8(utf8);
    return "the text is not UTF-8: " + bad->reason + ", at octet " + std::to_string(bad->offset);
}

split_text split_one(encoded text, const split_options& options) {
    split_text out{.code = text.code, .parts = {}, .units = {}, .udh = text.tables != alphabet{}};
    out.units.push_back(static_cast<unsigned>(text.octets.size() / text.unit_octets()));
    if (out.udh)
        text.octets.insert(0, make_header(text.tables, options, 1, 1));
    out.parts.push_back(std::move(text.octets));
    return out;
}

split_text split_many(const encoded& text, const std::vector<std::size_t>& lengths,
                      const split_options& options) {
    split_text out{.code = text.code, .parts = {}, .units = {}, .udh = true};
    out.parts.reserve(lengths.size());
    out.units.reserve(lengths.size());
    std::size_t at = 0;
    for (const auto length : lengths) {
        auto part = make_header(text.tables, options, lengths.size(), out.parts.size() + 1);
        part.append(text.octets, at, length);
        out.parts.push_back(std::move(part));
        out.units.push_back(static_cast<unsigned>(length / text.unit_octets()));
        at += length;
    }
    return out;
}

} // namespace

boost::system::result<split_text, std::string> split(std::string_view utf8,
                                                     const split_options& options) {
    if (auto trouble = trouble_with(options); !trouble.empty())
        return trouble;
    auto text = encode(utf8, options.national);
    if (!text)
        return trouble_with(utf8);
    const auto limit = limits_of(text->code, text->tables, options.reference_bits);
    if (text->octets.size() <= limit.alone * text->unit_octets())
        return split_one(std::move(*text), options);
    const auto lengths = cut(*text, limit.joined);
    if (lengths.size() > options.max_parts)
        return "the text needs " + std::to_string(lengths.size()) + " parts, more than the " +
               std::to_string(options.max_parts) + " allowed; shorten it";
    return split_many(*text, lengths, options);
}

std::string encode_single(coding code, std::string_view utf8) {
    if (code == coding::email)
        return std::string(utf8);
    auto octets = code == coding::gsm7 ? encode_gsm7(utf8) : encode_ucs2(utf8);
    if (!octets)
        throw std::invalid_argument("encode_single: the coding cannot carry this text");
    return std::move(*octets);
}

} // namespace posthorn::encoding
