#include "settings/system_settings.hpp"

#include "settings/safe_url.hpp"

#include <algorithm>
#include <optional>

namespace posthorn::settings {

namespace {

using namespace std::chrono_literals;

constexpr unsigned usual_threads = 2; // of sqlite
constexpr unsigned usual_connections = 4;

bool is_name(std::string_view name) {
    return !name.empty() && name.size() <= 64 && std::ranges::all_of(name, [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_' || c == '-';
    });
}

// Which of them it is: the first one when it is several.
std::optional<system_kind> read_kind(reader& map) {
    std::optional<system_kind> kind;
    for (std::size_t i = 0; i < system_kind_names.size(); ++i) {
        const auto name = system_kind_names[i];
        if (map.has(name) && kind)
            map.fail(name,
                     "a system is one thing: it is " + std::string(name_of(*kind)) + " already");
        else if (map.has(name))
            kind = static_cast<system_kind>(i);
    }
    if (!kind)
        map.fail("say where it is: sqlite: FILE, postgresql: \"host=… dbname=… user=…\", "
                 "http: https://…, or handler: PLUGIN");
    return kind;
}

std::string read_file(reader& map, const std::filesystem::path& folder) {
    const auto written = map.text("sqlite");
    return written.empty() ? "" : (folder / written).lexically_normal().string();
}

std::string read_connection(reader& map) {
    const auto written = map.text("postgresql");
    if (written.find("password") != std::string::npos)
        map.fail("postgresql", "no password here: write `password: file:PATH` below it");
    if (written.find("://") != std::string::npos)
        map.fail("postgresql", "is written as \"host=… dbname=… user=…\", not as a URL");
    return written;
}

std::string read_url(reader& map) {
    auto url = map.text("http");
    if (!url.empty() && !is_safe_url(url))
        map.fail("http", safe_url_wanted);
    else if (url.find_first_of("?#@ ") != std::string::npos)
        map.fail("http", "is the beginning of all its addresses, without '?', '#', '@': what "
                         "follows is the `path` of each lookup");
    while (url.ends_with('/'))
        url.pop_back();
    return url;
}

breaker_settings read_breaker(reader map) {
    breaker_settings b;
    if (map.is_void())
        return b;
    b.failures = static_cast<unsigned>(map.integer("failures", {1, 1000}, b.failures));
    b.pause = map.duration("pause", b.pause, {.least = 1s, .most = 10min});
    return b;
}

std::string read_where(reader& map, system_kind kind, const std::filesystem::path& folder) {
    switch (kind) {
    case system_kind::sqlite:
        return read_file(map, folder);
    case system_kind::postgresql:
        return read_connection(map);
    case system_kind::http:
        return read_url(map);
    case system_kind::handler:
        return map.text("handler");
    }
    return {};
}

void read_secret(reader& map, system_settings& s) {
    if (s.kind == system_kind::postgresql && map.has("password"))
        s.secret = map.secret("password");
    if (s.kind == system_kind::http && map.has("token"))
        s.secret = map.secret("token");
    if (s.kind == system_kind::handler)
        for (const auto& key : map.keys())
            map.has(key); // the plugin knows its options
}

system_settings read_system(reader map, const std::string& name,
                            const std::filesystem::path& folder) {
    system_settings s;
    s.name = name;
    if (map.is_void())
        return s;
    const auto kind = read_kind(map);
    if (!kind)
        return s;
    s.kind = *kind;
    const bool file = s.kind == system_kind::sqlite;
    s.where = read_where(map, s.kind, folder);
    read_secret(map, s);
    s.connections = static_cast<unsigned>(
        map.integer("connections", {1, 32}, file ? usual_threads : usual_connections));
    s.breaker = read_breaker(map.optional_map("breaker"));
    return s;
}

} // namespace

std::vector<system_settings> read_systems(reader map, const std::filesystem::path& folder) {
    std::vector<system_settings> all;
    for (const auto& name : map.keys()) {
        if (!is_name(name))
            map.fail(name, "the name of a system must be lower-case letters, digits, '-' and '_', "
                           "at most 64");
        all.push_back(read_system(map.map(name), name, folder));
    }
    std::ranges::sort(all, {}, &system_settings::name);
    return all;
}

} // namespace posthorn::settings
