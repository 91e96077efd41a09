// Mail to where bounces arrive: no report, or one that names a letter in printable words.
#include "fuzz/fuzz.hpp"

#include "email/codec/bounce.hpp"
#include "email/codec/mime.hpp"
#include "email/codec/opt_out.hpp"
#include "email/codec/plain_words.hpp"

#include <algorithm>

using namespace posthorn;
using posthorn::fuzz::require;

namespace {

bool is_printable(const std::string& text) {
    return std::ranges::all_of(text, [](char c) { return c >= 0x20 && c <= 0x7E; });
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const auto mail = posthorn::fuzz::octets_of(data, size);
    if (const auto word = email::read_opt_out(mail, "bills@example.com"))
        require(is_printable(word->address), "what is shown is harmless");
    const auto said = email::read_bounce(mail);
    if (!said)
        return 0;
    email::plain_words(said->code);
    require(!said->ref.empty(), "it names a letter");
    require(is_printable(said->ref) && is_printable(said->code) && is_printable(said->recipient),
            "what is shown is harmless");
    require(said->code.size() <= 300, "and not endless");
    email::is_message_id_of_ours(said->ref, "bills@example.com");
    return 0;
}
