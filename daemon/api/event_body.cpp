#include "api/event_body.hpp"

#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>

#include <algorithm>
#include <array>
#include <charconv>

namespace posthorn::api {

namespace {

constexpr std::size_t longest_key = 255;

struct text_member {
    std::string_view name;
    std::string event::*at;
};
constexpr std::array<text_member, 6> text_members{{{"type", &event::type},
                                                   {"key", &event::key},
                                                   {"run", &event::run},
                                                   {"subject", &event::subject},
                                                   {"to_kind", &event::to_kind},
                                                   {"to_ref", &event::to_ref}}};

struct time_member {
    std::string_view name;
    instant event::*at;
};
constexpr std::array<time_member, 3> time_members{{{"occurred_at", &event::occurred_at},
                                                   {"not_before", &event::not_before},
                                                   {"expires_at", &event::expires_at}}};

// Takes `count` digits off the front of `text`; -1 when they are not there.
int digits(std::string_view& text, std::size_t count) {
    int n = 0;
    if (text.size() < count)
        return -1;
    for (const char c : text.substr(0, count)) {
        if (c < '0' || c > '9')
            return -1;
        n = n * 10 + (c - '0');
    }
    text.remove_prefix(count);
    return n;
}

bool skip(std::string_view& text, std::string_view any_of) {
    if (text.empty() || any_of.find(text.front()) == std::string_view::npos)
        return false;
    text.remove_prefix(1);
    return true;
}

duration read_fraction(std::string_view& text) {
    std::int64_t micros = 0;
    for (std::int64_t weight = 100'000; !text.empty() && text.front() >= '0' && text.front() <= '9';
         weight /= 10, text.remove_prefix(1))
        micros += weight * (text.front() - '0'); // beyond microseconds the weight is 0
    return duration(micros);
}

std::optional<duration> read_offset(std::string_view& text) {
    using namespace std::chrono;
    if (skip(text, "Zz"))
        return duration(0);
    const bool west = text.starts_with('-');
    if (!skip(text, "+-"))
        return std::nullopt;
    const int h = digits(text, 2);
    const bool colon = skip(text, ":");
    const int m = digits(text, 2);
    if (!colon || h < 0 || h > 23 || m < 0 || m > 59)
        return std::nullopt;
    const duration offset = hours(h) + minutes(m);
    return west ? -offset : offset;
}

std::optional<std::string> read_member(event& e, std::string_view name,
                                       const boost::json::value& value) {
    const std::string shown = "'" + std::string(name) + "'";
    if (const auto at = std::ranges::find(text_members, name, &text_member::name);
        at != text_members.end()) {
        if (!value.is_string())
            return shown + " is not a text";
        e.*(at->at) = std::string(value.get_string());
        return std::nullopt;
    }
    if (const auto at = std::ranges::find(time_members, name, &time_member::name);
        at != time_members.end()) {
        auto t = value.is_string() ? read_rfc3339(value.get_string()) : read_rfc3339("");
        if (!t)
            return shown + " " + t.error().reason;
        e.*(at->at) = *t;
        return std::nullopt;
    }
    if (name != "data")
        return "unknown member " + shown;
    if (!value.is_object())
        return shown + " is not an object";
    e.data = boost::json::serialize(value);
    return std::nullopt;
}

std::optional<std::string> trouble_with(const event& e) {
    const bool control = std::ranges::any_of(
        e.key, [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7F; });
    if (e.key.empty())
        return "the event has no key: the header Idempotency-Key for one event, the member `key` "
               "in a batch";
    if (e.key.size() > longest_key || control)
        return "a key has 1 to 255 octets, without control characters";
    if (e.type.empty())
        return "'type' is missing";
    if (e.to_ref.empty())
        return "'to_ref' is missing";
    return std::nullopt;
}

} // namespace

result<instant> read_rfc3339(std::string_view text) {
    using namespace std::chrono;
    const auto wrong = [] { return refuse("is not a time like 2026-11-02T09:00:00Z"); };
    auto rest = text;
    const int y = digits(rest, 4);
    bool fine = skip(rest, "-");
    const int mon = digits(rest, 2);
    fine = skip(rest, "-") && fine;
    const int d = digits(rest, 2);
    fine = skip(rest, "Tt ") && fine;
    const int h = digits(rest, 2);
    fine = skip(rest, ":") && fine;
    const int min = digits(rest, 2);
    fine = skip(rest, ":") && fine;
    const int s = digits(rest, 2);
    if (!fine || y < 0 || mon < 0 || d < 0 || h < 0 || h > 23 || min < 0 || min > 59 || s < 0 ||
        s > 60)
        return wrong();
    const auto fraction = skip(rest, ".") ? read_fraction(rest) : duration(0);
    const auto offset = read_offset(rest);
    const year_month_day date{year(y), month(static_cast<unsigned>(mon)),
                              day(static_cast<unsigned>(d))};
    if (!offset || !rest.empty() || !date.ok())
        return wrong();
    return sys_days(date) + hours(h) + minutes(min) + seconds(s) + fraction - *offset;
}

result<event> read_event(const boost::json::value& body, std::string_view key) {
    if (!body.is_object())
        return refuse("an event is a JSON object");
    event e{.to_kind = "number", .data = "{}"};
    for (const auto& [name, value] : body.get_object())
        if (auto mistake = read_member(e, std::string_view(name.data(), name.size()), value))
            return refuse(std::move(*mistake));
    if (!key.empty() && !e.key.empty() && e.key != key)
        return refuse("the header Idempotency-Key and the member `key` differ: give one");
    if (!key.empty())
        e.key = key;
    if (auto mistake = trouble_with(e))
        return refuse(std::move(*mistake));
    return e;
}

} // namespace posthorn::api
