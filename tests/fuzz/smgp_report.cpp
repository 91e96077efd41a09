// The content of an SMGP status report, with binary octets in its id.
#include "fuzz/fuzz.hpp"

#include "smgp/codec/msg_id.hpp"
#include "smgp/codec/report.hpp"

#include <algorithm>

using namespace posthorn::smgp;
using posthorn::fuzz::require;

namespace {

bool lies_in(std::string_view piece, std::string_view text) {
    return piece.empty() || (piece.data() >= text.data() &&
                             piece.data() + piece.size() <= text.data() + text.size());
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const auto content = posthorn::fuzz::octets_of(data, size);
    const auto first = read_report(content);
    if (!first)
        return 0;
    for (const auto piece : {first->sub, first->dlvrd, first->submit_date, first->done_date,
                             first->stat, first->err, first->text, excerpt_of(*first)})
        require(lies_in(piece, content), "a field is a piece of the content");
    const auto id = msg_id_of(first->id);
    require(id.has_value(), "an id is twenty digits");
    std::string once;
    append_report(once, *first);
    require(once.size() == 122, "a report is as long as the specification says");
    const auto second = read_report(once);
    require(second.has_value(), "what was written can be read");
    require(std::string_view(once).substr(3, 10) == std::string_view(id->data(), id->size()),
            "the id stands in its place");
    return 0;
}
