// The text of a delivery receipt, and the id in it. Whatever is read is a piece of the text.
#include "fuzz/fuzz.hpp"

#include "smpp/codec/message_id.hpp"
#include "smpp/codec/receipt.hpp"

#include <algorithm>
#include <initializer_list>

using namespace posthorn::smpp;
using posthorn::fuzz::require;

namespace {

bool lies_in(std::string_view piece, std::string_view text) {
    return piece.empty() || (piece.data() >= text.data() &&
                             piece.data() + piece.size() <= text.data() + text.size());
}

void check_id(std::string_view id) {
    constexpr std::size_t longest_number = 20; // of 64 bits
    for (const auto base : {id_base::raw, id_base::hex, id_base::dec}) {
        const auto key = match_key(id, base);
        require(key.size() <= std::max(id.size(), longest_number),
                "a key is no longer than its id");
        require(match_key(" " + std::string(id) + "\t", base) == key, "blanks change no key");
    }
}

void check_text(std::string_view text) {
    const auto read = parse_receipt_text(text);
    if (!read)
        return;
    for (const auto& field : {read->id, read->sub, read->dlvrd, read->submit_date, read->done_date,
                              read->stat, read->err, read->text})
        require(lies_in(field.value_or(""), text), "a field is a piece of the text");
    check_id(read->id.value_or(""));
}

void check_receipt(std::string_view text, std::uint8_t esm_class) {
    sm body;
    body.esm_class = esm_class;
    body.short_message = text;
    std::string scratch;
    const auto read = read_receipt(body, scratch);
    for (const auto piece : {read.id, read.stat, read.err, read.done_date, read.text})
        require(lies_in(piece, text) || lies_in(piece, scratch), "a view lies where it may");
    require(!read.final || read.state_from == receipt_source::text, "only a state told is final");
    require(!read.final || !is_intermediate(esm_class), "an intermediate one is never final");
    error_word(read);
    check_id(read.id);
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const auto text = posthorn::fuzz::octets_of(data, size);
    check_text(text);
    for (const auto esm_class : std::initializer_list<std::uint8_t>{0x04, 0x20, 0x44})
        check_receipt(text, esm_class);
    return 0;
}
