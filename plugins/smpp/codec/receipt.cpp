#include "smpp/codec/receipt.hpp"

#include "smpp/codec/octets.hpp"

#include <algorithm>
#include <array>
#include <iterator>

namespace posthorn::smpp {

namespace {

constexpr char lower(char c) noexcept {
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
}

constexpr bool blank(char c) noexcept {
    return c == ' ' || c == '\t' || c == '\r' || c == '\n' || c == '\0';
}

bool starts_with_nocase(std::string_view text, std::string_view lower_word) noexcept {
    return text.size() >= lower_word.size() &&
           std::equal(lower_word.begin(), lower_word.end(), text.begin(),
                      [](char a, char b) { return a == lower(b); });
}

std::string_view trimmed(std::string_view text) noexcept {
    while (!text.empty() && blank(text.front()))
        text.remove_prefix(1);
    while (!text.empty() && blank(text.back()))
        text.remove_suffix(1);
    return text;
}

struct keyword {
    std::string_view word;
    std::optional<std::string_view> receipt_text::*field;
};

constexpr std::array<keyword, 8> keywords = {{
    {"id:", &receipt_text::id},
    {"sub:", &receipt_text::sub},
    {"dlvrd:", &receipt_text::dlvrd},
    {"submit date:", &receipt_text::submit_date},
    {"done date:", &receipt_text::done_date},
    {"stat:", &receipt_text::stat},
    {"err:", &receipt_text::err},
    {"text:", &receipt_text::text},
}};

const keyword* keyword_at(std::string_view text) noexcept {
    for (const auto& candidate : keywords)
        if (starts_with_nocase(text, candidate.word))
            return &candidate;
    return nullptr;
}

struct keyword_found {
    const keyword* key = nullptr; // null: none to the end
    std::size_t begin = 0;
};

// The next keyword that begins at `from` or behind a blank. Every one ends in a colon, so the
// colons are what is looked for.
keyword_found next_keyword(std::string_view text, std::size_t from) noexcept {
    for (auto colon = text.find(':', from); colon != std::string_view::npos;
         colon = text.find(':', colon + 1)) {
        for (const auto& candidate : keywords) {
            const auto size = candidate.word.size();
            if (colon + 1 < from + size || lower(text[colon - 1]) != candidate.word[size - 2])
                continue;
            const auto begin = colon + 1 - size;
            if ((begin == from || blank(text[begin - 1])) &&
                starts_with_nocase(text.substr(begin), candidate.word))
                return {&candidate, begin};
        }
    }
    return {nullptr, text.size()};
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
    const bool three_digits =
        std::all_of(error->begin(), error->end(), [](char c) { return c >= '0' && c <= '9'; });
    if (three_digits) // some carriers put "005" there instead of type and code
        r.network_error = static_cast<std::uint16_t>(
            ((*error)[0] - '0') * 100 + ((*error)[1] - '0') * 10 + ((*error)[2] - '0'));
    else
        r.network_error = u16_at(*error, 1);
}

receipt read_any(std::uint8_t esm_class, std::string_view octets, tlv_block tlvs,
                 std::string& scratch) {
    // A receipt with UDHI set may carry a header before its text.
    if ((esm_class & 0x40) != 0 && !octets.empty() && !keyword_at(octets)) {
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

std::optional<receipt_text> parse_receipt_text(std::string_view text) noexcept {
    text = trimmed(text);
    receipt_text fields;
    auto found = next_keyword(text, 0);
    const bool begins_with_keyword = found.key && found.begin == 0;
    while (found.key) {
        const auto* key = found.key;
        const auto begin = found.begin + key->word.size();
        const bool to_the_end = key->field == &receipt_text::text;
        found = to_the_end ? keyword_found{nullptr, text.size()} : next_keyword(text, begin);
        auto& field = fields.*(key->field);
        if (!field) // the first occurrence wins
            field = trimmed(text.substr(begin, found.begin - begin));
    }
    if (!fields.stat && !begins_with_keyword)
        return std::nullopt;
    return fields;
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
