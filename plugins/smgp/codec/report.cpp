#include "smgp/codec/report.hpp"

#include "smgp/codec/msg_id.hpp"

namespace posthorn::smgp {

namespace {

constexpr std::string_view first_word = "id:";

bool begins_with_id(std::string_view content) noexcept {
    return content.size() >= first_word.size() + msg_id_size &&
           sdk::receipt_words::starts_with(content, first_word);
}

// Some gateways are said to write the id out.
std::optional<msg_id> written_out(std::string_view content) noexcept {
    constexpr std::size_t size = 2 * msg_id_size;
    if (content.size() <= size || content[size] != ' ')
        return std::nullopt;
    return msg_id_of(content.substr(0, size));
}

void field(std::string& out, std::string_view word, std::string_view value, std::size_t width,
           char filled_with = ' ') {
    out.append(word).append(value.substr(0, width));
    out.append(width - std::min(width, value.size()), filled_with);
}

} // namespace

std::optional<report> read_report(std::string_view content) {
    if (!begins_with_id(content))
        return std::nullopt;
    content.remove_prefix(first_word.size());
    const auto written = written_out(content);
    report out;
    out.id = written ? hex_of({written->data(), written->size()})
                     : hex_of(content.substr(0, msg_id_size));
    content.remove_prefix(written ? out.id.size() : msg_id_size);
    const auto fields = sdk::parse_receipt_text(content);
    if (!fields || !fields->stat)
        return std::nullopt;
    out.sub = fields->sub.value_or("");
    out.dlvrd = fields->dlvrd.value_or("");
    out.submit_date = fields->submit_date.value_or("");
    out.done_date = fields->done_date.value_or("");
    out.stat = *fields->stat;
    out.err = fields->err.value_or("");
    out.text = fields->text.value_or("");
    return out;
}

void append_report(std::string& out, const report& r) {
    const auto id = msg_id_of(r.id).value_or(msg_id{});
    out.append(first_word).append(id.data(), id.size());
    field(out, " sub:", r.sub, 3);
    field(out, " dlvrd:", r.dlvrd, 3);
    field(out, " submit date:", r.submit_date, 10);
    field(out, " done date:", r.done_date, 10);
    field(out, " stat:", r.stat, 7);
    field(out, " err:", r.err, 3);
    field(out, " text:", r.text, 20, '\0');
}

std::string_view excerpt_of(const report& r) noexcept {
    constexpr std::size_t digits = 3;
    const auto& text = r.text;
    const bool counted = text.size() >= digits && text.substr(0, digits).find_first_not_of(
                                                      "0123456789") == std::string_view::npos;
    return counted ? text.substr(digits) : text;
}

} // namespace posthorn::smgp
