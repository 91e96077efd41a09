// One PDU. What can be read can be written again, and then reads the same.
#include "fuzz/fuzz.hpp"

#include "smpp/codec/pdu.hpp"
#include "smpp/codec/receipt.hpp"

using namespace posthorn::smpp;
using posthorn::fuzz::require;

namespace {

std::string written(const pdu& p) {
    std::string out;
    encode(out, p);
    return out;
}

// What the adapter does with a text from a phone or a receipt.
void use(const body& body) {
    std::string scratch;
    if (const auto* text = std::get_if<sm>(&body))
        error_word(read_receipt(*text, scratch));
    if (const auto* text = std::get_if<data_sm>(&body))
        error_word(read_receipt(*text, scratch));
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const auto octets = posthorn::fuzz::octets_of(data, size);
    if (octets.size() < header_size)
        return 0;
    pdu first, second;
    if (const auto error = decode(octets, first)) {
        std::string answer;
        append_answer(answer, *error);
        require(error->react == decode_error::drop ? answer.empty() : !decode(answer, second),
                "an answer to what cannot be read can be read");
        require(error->react == decode_error::drop || !is_response(error->head.id),
                "a response is never answered");
        return 0;
    }
    use(first.body);
    const auto once = written(first);
    require(!decode(once, second), "what was read and written can be read");
    require(second.head.length == once.size(), "command_length is the length of the PDU");
    require(second.head.id == first.head.id && second.head.sequence == first.head.sequence &&
                second.head.status == first.head.status,
            "the header stays the same");
    require(second.body.index() == first.body.index(), "the body is of the same kind");
    require(written(second) == once, "the body stays the same");
    return 0;
}
