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

/// Octets of the longest part at `at` that cuts no pair. In unpacked GSM 7-bit 0x1B is always the
/// first of two, in UTF-16BE a unit D800-DBFF is.
std::size_t part_length(const encoded& text, std::size_t at, std::size_t limit) {
    const std::size_t unit = text.unit_octets();
    const std::size_t length = std::min(limit * unit, text.octets.size() - at);
    const auto last = static_cast<unsigned char>(text.octets[at + length - unit]);
    const bool opens_pair = text.code == coding::gsm7 ? last == gsm_escape : (last & 0xFC) == 0xD8;
    return opens_pair ? length - unit : length;
}

/// Octets of each part; the only one of a text that fits one.
std::vector<std::size_t> cut(const encoded& text, part_limits limit) {
    if (text.octets.size() <= limit.alone * text.unit_octets())
        return {text.octets.size()};
    std::vector<std::size_t> lengths;
    for (std::size_t at = 0; at < text.octets.size(); at += lengths.back())
        lengths.push_back(part_length(text, at, limit.joined));
    return lengths;
}

bool is_within(std::string_view utf8, char32_t last) {
    for (std::size_t at = 0; at < utf8.size();) {
        const auto c = read_char(utf8, at);
        if (c.code > last)
            return false;
        at += std::max(c.octets, 1U);
    }
    return true;
}

/// Where the default tables do not suffice.
std::optional<encoded> encode_national(std::string_view utf8, const split_options& options) {
    std::optional<encoded> best;
    airtime least;
    for (const auto tables : options.national) {
        auto octets = encode_gsm7(utf8, tables);
        if (!octets)
            continue;
        encoded one{coding::gsm7, tables, std::move(*octets)};
        const auto needs =
            airtime_of(cut(one, limits_of(one.code, tables, options.reference_bits)).size(),
                       one.octets.size(), tables, options.reference_bits);
        if (!best || needs < least)
            best = std::move(one), least = needs;
    }
    return best;
}

std::optional<encoded> encode(std::string_view utf8, const split_options& options) {
    if (options.gsm7_up_to >= 0x10FFFF || is_within(utf8, options.gsm7_up_to)) {
        if (auto octets = encode_gsm7(utf8))
            return encoded{coding::gsm7, {}, std::move(*octets)};
        if (auto one = encode_national(utf8, options))
            return one;
    }
    if (auto octets = encode_ucs2(utf8))
        return encoded{coding::ucs2, {}, std::move(*octets)};
    return std::nullopt;
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

/// The first `not_ours` octets are the carrier's: they fill the first part, and are not in it.
split_text make_parts(const encoded& text, const std::vector<std::size_t>& lengths,
                      std::size_t not_ours, const split_options& options) {
    const bool udh = lengths.size() > 1 || text.tables != alphabet{};
    split_text out{.code = text.code, .parts = {}, .units = {}, .udh = udh};
    out.parts.reserve(lengths.size());
    out.units.reserve(lengths.size());
    std::size_t at = not_ours, end = 0;
    for (const auto length : lengths) {
        end += length;
        auto part = make_header(text.tables, options, lengths.size(), out.parts.size() + 1);
        part.append(text.octets, at, end - at);
        out.parts.push_back(std::move(part));
        out.units.push_back(static_cast<unsigned>((end - at) / text.unit_octets()));
        at = end;
    }
    return out;
}

/// Octets of a piece of it, in its coding.
std::size_t octets_in(const encoded& text, std::string_view utf8) {
    const auto piece =
        text.code == coding::gsm7 ? encode_gsm7(utf8, text.tables) : encode_ucs2(utf8);
    return piece ? piece->size() : 0;
}

} // namespace

boost::system::result<split_text, std::string> split(std::string_view utf8,
                                                     const split_options& options) {
    if (auto trouble = trouble_with(options); !trouble.empty())
        return trouble;
    const auto& adds = options.carrier_adds;
    auto text =
        adds.empty() ? encode(utf8, options) : encode(std::string(adds).append(utf8), options);
    if (!text)
        return trouble_with(utf8);
    const auto limit = limits_of(text->code, text->tables, options.reference_bits);
    if (adds.empty() && text->octets.size() <= limit.alone * text->unit_octets())
        return split_one(std::move(*text), options);
    const auto lengths = cut(*text, limit);
    if (lengths.size() > options.max_parts)
        return "the text needs " + std::to_string(lengths.size()) + " parts, more than the " +
               std::to_string(options.max_parts) + " allowed; shorten it";
    const auto not_ours = octets_in(*text, adds);
    if (not_ours > lengths.front())
        return "what the carrier adds is longer than a part";
    return make_parts(*text, lengths, not_ours, options);
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
