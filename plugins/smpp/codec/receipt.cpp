#include "smpp/codec/receipt.hpp"

#include "sdk/numerals.hpp"
#include "smpp/codec/octets.hpp"

#include <algorithm>
#include <array>
#include <iterator>

namespace posthorn::smpp {

namespace {

constexpr char lower(char c) noexcept {
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
}

struct stat_row {
    std::string_view word;
    message_state state;
};

constexpr stat_row stat_rows[] = {
    {"DELIVRD", message_state::delivered},     {"DELIVERED", message_state::delivered},
    {"EXPIRED", message_state::expired},       {"DELETED", message_state::deleted},
    {"UNDELIV", message_state::undeliverable}, {"UNDELIVERABLE", message_state::undeliverable},
    {"FAILED", message_state::undeliverable},  {"ACCEPTD", message_state::accepted},
    {"ACCEPTED", message_state::accepted},     {"ACKED", message_state::accepted},
    {"ENROUTE", message_state::enroute},       {"BUFFRED", message_state::enroute},
    {"BUFFERD", message_state::enroute},       {"BUFFERED", message_state::enroute},
    {"UNKNOWN", message_state::unknown},       {"NULL", message_state::unknown},
    {"REJECTD", message_state::rejected},      {"REJECTED", message_state::rejected},
    {"SCHEDUL", message_state::scheduled},     {"SCHEDULED", message_state::scheduled},
    {"SKIPPED", message_state::skipped},
};

struct state_words {
    std::string_view name, stat;
};

constexpr state_words words[] = {
    {"scheduled", "SCHEDUL"}, {"enroute", "ENROUTE"}, {"delivered", "DELIVRD"},
    {"expired", "EXPIRED"},   {"deleted", "DELETED"}, {"undeliverable", "UNDELIV"},
    {"accepted", "ACCEPTD"},  {"unknown", "UNKNOWN"}, {"rejected", "REJECTD"},
    {"skipped", "SKIPPED"},
};

bool only_zeros(std::string_view text) noexcept {
    return text.find_first_not_of('0') == std::string_view::npos;
}

// A receipt's octets are what they look like, whatever data_coding says: UTF-16BE shows itself by
// the zero before its first letter. What is not ASCII in it becomes DEL, which no text has: only
// the excerpt has any, and is then none.
std::string_view as_ascii(std::string_view octets, std::string& scratch) {
    if (octets.starts_with("\xFE\xFF")) // a byte order mark
        octets.remove_prefix(2);
    if (octets.size() < 4 || octets[0] != '\0' || octets[1] == '\0' || octets[2] != '\0')
        return octets;
    scratch.clear();
    for (std::size_t i = 0; i + 1 < octets.size(); i += 2)
        scratch.push_back(octets[i] == '\0' && octet_at(octets, i + 1) < 0x80 ? octets[i + 1]
                                                                              : '\x7F');
    return scratch;
}

void apply_text(receipt& r, const receipt_text& t) {
    r.id = t.id.value_or("");
    r.id = r.id.substr(0, r.id.find(' ')); // a keyword of the carrier's own may follow
    r.stat = t.stat.value_or("");
    r.err = t.err.value_or("");
    r.done_date = t.done_date.value_or("");
    r.text = t.text.value_or("");
    if (r.stat.empty())
        return;
    const auto known = state_from_stat(r.stat);
    if (!known) {
        // A word nobody knows: a failure only when everything else says so, else left open.
        if (!t.dlvrd || t.dlvrd->empty() || !only_zeros(*t.dlvrd) || only_zeros(r.err))
            return;
    }
    r.state = known.value_or(message_state::undeliverable);
    r.state_from = receipt_source::text;
}

void apply_tlvs(receipt& r, tlv_block tlvs) {
    if (const auto id = tlvs.find_text(tag::receipted_message_id); id && !id->empty())
        r.id = *id;
    if (const auto state = tlvs.find_u8(tag::message_state); state && *state < std::size(words)) {
        r.state = static_cast<message_state>(*state);
        r.state_from = receipt_source::tlv;
    }
    const auto error = tlvs.find(tag::network_error_code);
    if (!error || error->size() != 3)
        return;
    if (sdk::all_digits(*error)) // some carriers put "005" there instead of type and code
        r.network_error = static_cast<std::uint16_t>(
            ((*error)[0] - '0') * 100 + ((*error)[1] - '0') * 10 + ((*error)[2] - '0'));
    else
        r.network_error = u16_at(*error, 1);
}

receipt read_any(std::uint8_t esm_class, std::string_view octets, tlv_block tlvs,
                 std::string& scratch) {
    // A receipt with UDHI set may carry a header before its text.
    if ((esm_class & 0x40) != 0 && !octets.empty() && !sdk::begins_as_receipt(octets)) {
        const auto header = udh_size(octets);
        if (header < octets.size())
            octets.remove_prefix(header);
    }
    receipt r;
    if (const auto fields = parse_receipt_text(as_ascii(octets, scratch)))
        apply_text(r, *fields);
    apply_tlvs(r, tlvs);
    r.final =
        r.state_from != receipt_source::none && is_final(r.state) && !is_intermediate(esm_class);
    return r;
}

} // namespace

std::string_view name(message_state s) noexcept { return words[static_cast<std::size_t>(s)].name; }

std::string_view stat_word(message_state s) noexcept {
    return words[static_cast<std::size_t>(s)].stat;
}

std::optional<message_state> state_from_stat(std::string_view word) noexcept {
    const auto look_up = [](std::string_view exact) -> std::optional<message_state> {
        for (const auto& row : stat_rows)
            if (std::equal(row.word.begin(), row.word.end(), exact.begin(), exact.end(),
                           [](char a, char b) { return lower(a) == lower(b); }))
                return row.state;
        return std::nullopt;
    };
    if (const auto whole = look_up(word))
        return whole;
    // A keyword of the carrier's own may follow: "DELIVRD mccmnc:46000".
    const auto letters = std::find_if_not(
        word.begin(), word.end(), [](char c) { return lower(c) >= 'a' && lower(c) <= 'z'; });
    return look_up(word.substr(0, static_cast<std::size_t>(letters - word.begin())));
}

receipt read_receipt(const sm& of, std::string& scratch) {
    return read_any(of.esm_class, of.text(), of.tlvs, scratch);
}

receipt read_receipt(const data_sm& of, std::string& scratch) {
    return read_any(of.esm_class, of.text(), of.tlvs, scratch);
}

std::string error_word(const receipt& r) {
    if (!r.err.empty() && !only_zeros(r.err))
        return std::string(r.err);
    if (!r.network_error || *r.network_error == 0)
        return {};
    auto digits = std::to_string(*r.network_error);
    if (digits.size() < 3)
        digits.insert(0, 3 - digits.size(), '0');
    return digits;
}

void append_receipt_text(std::string& out, const receipt_fields& fields) {
    const bool delivered = fields.state == message_state::delivered;
    out.append("id:").append(fields.id);
    out.append(delivered ? " sub:001 dlvrd:001" : " sub:001 dlvrd:000");
    out.append(" submit date:").append(fields.submit_date);
    out.append(" done date:").append(fields.done_date);
    out.append(" stat:").append(stat_word(fields.state));
    out.append(" err:").append(fields.err);
    out.append(" text:").append(fields.text.substr(0, 20));
}

} // namespace posthorn::smpp
