#include "cli/when.hpp"

#include "cli/console.hpp"
#include "model/time_text.hpp"
#include "settings/scalars.hpp"

#include <array>
#include <cstdio>
#include <ctime>

namespace posthorn::cli {

namespace {

std::string local_text(instant t, bool millis) {
    const auto whole = std::chrono::floor<std::chrono::seconds>(t);
    const std::time_t seconds = whole.time_since_epoch().count();
    std::tm parts{};
    localtime_r(&seconds, &parts);
    std::array<char, 64> text{};
    std::string out(text.data(),
                    std::strftime(text.data(), text.size(), "%Y-%m-%d %H:%M:%S", &parts));
    if (millis) {
        const int length = std::snprintf(text.data(), text.size(), ".%03d",
                                         static_cast<int>((t - whole).count() / 1000));
        out.append(text.data(), static_cast<std::size_t>(length));
    }
    return out;
}

} // namespace

result<instant> parse_time(std::string_view rfc3339) {
    if (const auto t = time_from(rfc3339))
        return *t;
    return refuse("'" + std::string(rfc3339) +
                  "' is not a time: write RFC 3339 with a zone, like 2026-11-02T09:00:00+08:00");
}

std::string moment_option(std::string_view name, const std::string& text) {
    if (text.empty())
        return {};
    const auto ago = settings::parse_duration(text);
    const auto now = std::chrono::floor<duration>(std::chrono::system_clock::now());
    const auto at = ago ? std::optional(now - *ago) : time_from(text);
    if (!at)
        throw failure(std::string(name) + " " + text +
                          ": write a time like 2026-11-02T09:00:00+08:00, or how long ago like 24h",
                      usage);
    const auto whole = std::chrono::floor<std::chrono::seconds>(*at);
    const std::time_t seconds = whole.time_since_epoch().count();
    std::tm parts{};
    gmtime_r(&seconds, &parts);
    std::array<char, 64> out{};
    return {out.data(), std::strftime(out.data(), out.size(), "%Y-%m-%dT%H:%M:%SZ", &parts)};
}

std::string local_time(instant t) { return local_text(t, false); }

std::string local_time_millis(instant t) { return local_text(t, true); }

std::string shown_time(std::string_view rfc3339) {
    const auto t = time_from(rfc3339);
    return t ? local_time_millis(*t) : std::string(rfc3339);
}

} // namespace posthorn::cli
