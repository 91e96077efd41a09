#include "smgp/adapter/arrivals.hpp"

#include "sdk/china_number.hpp"
#include "sdk/china_text.hpp"
#include "sdk/link/printable.hpp"

#include <algorithm>

namespace posthorn::smgp {

namespace {

constexpr std::size_t longest_word = 16, longest_address = 64;

std::string code_of(const report& r) {
    auto code = sdk::printable(r.stat, longest_word);
    if (r.err.find_first_not_of('0') != std::string_view::npos)
        code += " err:" + sdk::printable(r.err, longest_word);
    return code;
}

// In whatever coding: what is not plain ASCII cannot be told apart.
std::string plain_excerpt(std::string_view text) {
    const bool plain =
        std::all_of(text.begin(), text.end(), [](char c) { return c >= 0x20 && c <= 0x7E; });
    return plain ? std::string(text) : std::string();
}

std::string address(std::string_view written) { return sdk::printable(written, longest_address); }

} // namespace

sdk::receipt receipt_of(const deliver& from, const report& r, const sdk::stat_overrides& stats) {
    sdk::receipt out;
    out.ref = r.id;
    out.state = stats.of(r.stat);
    out.code = code_of(r);
    out.recipient = sdk::e164_number(address(from.src_term_id)); // in a report it is the phone
    out.sender = address(from.dest_term_id);
    out.excerpt = plain_excerpt(excerpt_of(r));
    return out;
}

sdk::inbound text_of(const deliver& from) {
    sdk::inbound out;
    out.sender = sdk::with_plus(sdk::e164_number(address(from.src_term_id)));
    out.recipient = address(from.dest_term_id);
    out.octets = from.content;
    out.data_coding = sdk::data_coding_of(from.msg_format);
    out.udh = from.has_header();
    return out;
}

} // namespace posthorn::smgp
