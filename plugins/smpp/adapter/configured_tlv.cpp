#include "smpp/adapter/configured_tlv.hpp"

#include "sdk/numerals.hpp"
#include "smpp/codec/octets.hpp"
#include "smpp/codec/tlv.hpp"

#include <algorithm>
#include <cstdint>
#include <optional>

namespace posthorn::smpp {

namespace {

constexpr std::uint16_t ours[] = {tag::user_message_reference, tag::sar_msg_ref_num,
                                  tag::sar_total_segments, tag::sar_segment_seqnum,
                                  tag::message_payload};
constexpr std::size_t longest = 1024; // a PDU is no place for more

std::optional<std::uint32_t> number_of(std::string_view text, int base, std::uint32_t most) {
    const auto value = sdk::whole_number<std::uint32_t>(text, base);
    return value && *value <= most ? value : std::nullopt;
}

std::optional<std::uint16_t> tag_of(std::string_view text) {
    const bool hex = text.starts_with("0x") || text.starts_with("0X");
    const auto number = number_of(hex ? text.substr(2) : text, hex ? 16 : 10, 0xFFFF);
    return number ? std::optional(static_cast<std::uint16_t>(*number)) : std::nullopt;
}

std::optional<std::string> value_of(std::string_view type, std::string_view text) {
    if (type == "text")
        return std::string(text);
    if (type == "hex")
        return sdk::octets_of_hex(text);
    const std::size_t width = type == "u8" ? 1 : type == "u16" ? 2 : type == "u32" ? 4 : 0;
    if (width == 0)
        return std::nullopt;
    const auto number = number_of(text, 10, static_cast<std::uint32_t>((1ULL << 8 * width) - 1));
    if (!number)
        return std::nullopt;
    std::string octets;
    append_u32(octets, *number);
    return octets.substr(4 - width);
}

std::optional<std::string> read(std::string_view text) {
    const auto space = text.find(' ');
    if (space == std::string_view::npos)
        return std::nullopt;
    return value_of(text.substr(0, space), text.substr(space + 1));
}

} // namespace

std::string wrong_tlv(std::string_view written, std::string_view text) {
    const auto known = tag_of(written);
    if (!known)
        return "is no tag of a TLV: write it as 0x1400";
    if (std::find(std::begin(ours), std::end(ours), *known) != std::end(ours))
        return "is a TLV with an option of its own";
    const auto value = read(text);
    if (!value)
        return "must be text, hex, u8, u16 or u32 and a value, e.g. text 1201159";
    if (value->size() > longest)
        return "is longer than " + std::to_string(longest) + " octets";
    const auto* kind = find_tlv_kind(*known);
    if (kind && (value->size() < kind->min_length || value->size() > kind->max_length))
        return "has " + std::to_string(value->size()) + " octets, but " + std::string(kind->name) +
               " takes " + std::to_string(kind->min_length) + " to " +
               std::to_string(kind->max_length);
    return {};
}

void append_configured_tlv(std::string& out, std::string_view written, std::string_view text) {
    append_tlv(out, tag_of(written).value(), read(text).value());
}

} // namespace posthorn::smpp
