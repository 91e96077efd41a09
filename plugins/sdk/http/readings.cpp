#include "sdk/http/readings.hpp"

#include <curl/curl.h>

#include <algorithm>
#include <charconv>

namespace posthorn::sdk {

namespace {

using namespace std::chrono_literals;

constexpr duration usual_pause = 1s;

} // namespace

http_reading accepted_as(std::string ref) {
    if (ref.empty())
        return {.what = http_meaning::uncertain, .code = "accepted without an id"};
    return {.what = http_meaning::accepted, .ref = std::move(ref)};
}

std::vector<http_reading> refused_as_one(std::size_t texts, http_reading said) {
    const auto is_one_of = [&](auto... any) { return ((said.what == any) || ...); };
    if (texts > 1 && is_one_of(http_meaning::permanent, http_meaning::transient,
                               http_meaning::opted_out, http_meaning::elsewhere))
        said.what = http_meaning::apart;
    return std::vector(texts, said);
}

verdict verdict_of(std::uint64_t handle, const http_reading& said) {
    verdict v;
    v.handle = handle;
    v.code = said.code;
    switch (said.what) {
    case http_meaning::accepted:
        v.what = verdict::kind::accepted;
        v.ref = said.ref;
        break;
    case http_meaning::permanent:
    case http_meaning::opted_out:
    case http_meaning::elsewhere:
        v.what = verdict::kind::rejected;
        v.opted_out = said.what == http_meaning::opted_out;
        v.elsewhere = said.what == http_meaning::elsewhere;
        break;
    case http_meaning::uncertain:
        v.what = verdict::kind::uncertain;
        break;
    case http_meaning::transient:
        v.what = verdict::kind::deferred;
        v.after = said.after;
        break;
    case http_meaning::throttle:
        v.what = verdict::kind::deferred;
        v.counts = false;
        v.throttled = true;
        v.after = said.after > duration{} ? said.after : usual_pause;
        break;
    case http_meaning::again:
    case http_meaning::clock:
    case http_meaning::config:
    case http_meaning::apart:
        v.what = verdict::kind::deferred;
        v.counts = false;
        v.after = usual_pause;
        break;
    }
    return v;
}

http_reading by_status(const http_response& r) {
    http_reading out{.code = "HTTP " + std::to_string(r.status)};
    if (r.status == 429 || r.status == 503) {
        out.what = http_meaning::throttle;
        out.after = retry_after(r, r.status == 503 ? duration(5s) : usual_pause);
    } else if (r.status == 401 || r.status == 403) {
        out.what = http_meaning::config;
    } else if (r.status >= 300 && r.status < 500 && r.status != 408) {
        out.what = r.status < 400 ? http_meaning::config : http_meaning::permanent;
    }
    return out;
}

duration retry_after(const http_response& r, duration fallback) {
    const auto text = field_of(r.headers, "retry-after");
    unsigned seconds = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), seconds);
    if (error != std::errc() || end != text.data() + text.size())
        return fallback;
    return std::clamp<duration>(std::chrono::seconds(seconds), 100ms, 60s);
}

instant date_of(const http_response& r) {
    const auto at = ::curl_getdate(std::string(field_of(r.headers, "date")).c_str(), nullptr);
    return at < 0 ? instant{} : instant{std::chrono::seconds(at)};
}

std::size_t characters_in(std::string_view utf8) {
    std::size_t n = 0;
    for (const char c : utf8) {
        const auto octet = static_cast<unsigned char>(c);
        n += (octet & 0xC0) != 0x80 ? 1U : 0U;
        n += octet >= 0xF0 ? 1U : 0U;
    }
    return n;
}

} // namespace posthorn::sdk
