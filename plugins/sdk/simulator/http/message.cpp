#include "sdk/simulator/http/message.hpp"

#include "sdk/http/escape.hpp"
#include "sdk/http/when.hpp"
#include "sdk/numerals.hpp"

namespace posthorn::simulator::http {

namespace {

constexpr std::string_view line_end = "\r\n", head_end = "\r\n\r\n";
constexpr std::size_t longest_head = 16 * 1024, longest_message = 1 << 20;
constexpr std::size_t no_message = longest_message + 1; // which the framer refuses

std::string_view taken_to(std::string_view& text, std::string_view mark) {
    const auto at = text.find(mark);
    const auto before = text.substr(0, at);
    text.remove_prefix(at == std::string_view::npos ? text.size() : at + mark.size());
    return before;
}

std::string_view trimmed(std::string_view text) {
    const auto first = text.find_first_not_of(" \t");
    const auto last = text.find_last_not_of(" \t");
    return first == std::string_view::npos ? "" : text.substr(first, last - first + 1);
}

// `head` without its last empty line.
std::optional<message> read_head(std::string_view head) {
    message m;
    auto line = taken_to(head, line_end);
    m.first = taken_to(line, " ");
    m.second = taken_to(line, " ");
    m.third = line;
    if (m.second.empty() || (!m.first.starts_with("HTTP/1.") && m.third != "HTTP/1.1"))
        return std::nullopt;
    while (!head.empty()) {
        line = taken_to(head, line_end);
        const auto name = taken_to(line, ":");
        m.headers.emplace_back(sdk::lower_case(name), std::string(trimmed(line)));
    }
    return m;
}

std::optional<std::size_t> length_of(std::string_view held) {
    const auto end = held.substr(0, longest_head).find(head_end);
    if (end == std::string_view::npos)
        return held.size() < longest_head ? std::nullopt : std::optional(no_message);
    const auto head = read_head(held.substr(0, end));
    if (!head || !sdk::field_of(head->headers, "transfer-encoding").empty())
        return no_message;
    const auto told = sdk::field_of(head->headers, "content-length");
    const auto body = told.empty() ? 0 : sdk::whole_number<std::uint32_t>(told);
    return body ? end + head_end.size() + *body : no_message;
}

} // namespace

const sdk::framer::shape message_frame{.protocol = "HTTP",
                                       .length_field = "a message",
                                       .least = 16,
                                       .most = longest_message,
                                       .length_of = length_of};

std::optional<message> read_message(std::string_view octets) {
    auto body = octets;
    auto m = read_head(taken_to(body, head_end));
    if (m)
        m->body = body;
    return m;
}

std::string_view message::query() const {
    const auto at = second.find('?');
    return at == std::string_view::npos ? "" : second.substr(at + 1);
}

std::uint32_t message::status() const {
    return sdk::whole_number<std::uint32_t>(second).value_or(0);
}

void write_message(std::string& to, std::string_view start, std::string_view headers,
                   std::string_view type, std::string_view body) {
    to.append(start).append(line_end).append(headers);
    to.append("Content-Type: ").append(type).append(line_end);
    to.append("Content-Length: ").append(std::to_string(body.size())).append(head_end);
    to.append(body);
}

std::string date_of(sdk::instant at) {
    using namespace std::chrono;
    constexpr std::string_view weekdays = "SunMonTueWedThuFriSat",
                               months = "JanFebMarAprMayJunJulAugSepOctNovDec";
    const auto day = floor<days>(at);
    const auto date = sdk::iso_date(at);
    const auto month = static_cast<unsigned>(year_month_day(day).month());
    return std::string(weekdays.substr(3 * weekday(day).c_encoding(), 3)) + ", " + date.substr(8) +
           " " + std::string(months.substr(3 * (month - 1), 3)) + " " + date.substr(0, 4) + " " +
           sdk::iso_time(at) + " GMT";
}

} // namespace posthorn::simulator::http
