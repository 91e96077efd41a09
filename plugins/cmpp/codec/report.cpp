#include "cmpp/codec/report.hpp"

#include "sdk/octets.hpp"

namespace posthorn::cmpp {

namespace {

constexpr std::size_t beside_terminal = 39;

template <class Io, class R>
void fields(Io& io, R& r, std::size_t terminal) {
    io.number(r.msg_id);
    io.text(r.stat, 7);
    io.text(r.submit_time, 10);
    io.text(r.done_time, 10);
    io.text(r.dest_terminal_id, terminal);
    io.number(r.smsc_sequence);
}

} // namespace

std::optional<report> read_report(std::string_view content) noexcept {
    if (content.size() != beside_terminal + 21 && content.size() != beside_terminal + 32)
        return std::nullopt;
    sdk::octet_reader io(content);
    report out;
    fields(io, out, content.size() - beside_terminal);
    return out;
}

void append_report(std::string& out, dialect as, const report& r) {
    sdk::octet_writer io(out);
    fields(io, r, as == dialect::v20 ? 21 : 32);
}

} // namespace posthorn::cmpp
