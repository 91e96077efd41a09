#include "lookups/postgresql_connect.hpp"

#include <poll.h>

#include <array>
#include <chrono>
#include <string_view>

namespace posthorn::lookups {

namespace {

using clock = std::chrono::steady_clock;

constexpr auto longest = std::chrono::seconds(5);
constexpr int look_every_ms = 50;

connection_ptr start(const settings::system_settings& s) {
    // what comes later holds against what the connection string says
    const std::array<const char*, 5> keys{"dbname", "client_encoding", "fallback_application_name",
                                          s.secret.empty() ? nullptr : "password", nullptr};
    const std::array<const char*, 5> values{s.where.c_str(), "UTF8", "posthorn", s.secret.c_str(),
                                            nullptr};
    return connection_ptr(::PQconnectStartParams(keys.data(), values.data(), 1));
}

void wait_for(PGconn* c, bool to_write) {
    pollfd at{.fd = ::PQsocket(c), .events = static_cast<short>(to_write ? POLLOUT : POLLIN)};
    ::poll(&at, 1, look_every_ms);
}

} // namespace

std::string first_line(const char* said) {
    const std::string_view all = said == nullptr ? "" : said;
    return std::string(all.substr(0, all.find('\n')));
}

connected connect(const settings::system_settings& s, const std::atomic<bool>& stopping) {
    auto c = start(s);
    if (!c)
        return {nullptr, "no memory for a connection"};
    const auto until = clock::now() + longest;
    auto next =
        ::PQstatus(c.get()) == CONNECTION_BAD ? PGRES_POLLING_FAILED : PGRES_POLLING_WRITING;
    while (next != PGRES_POLLING_OK && next != PGRES_POLLING_FAILED) {
        if (stopping || clock::now() >= until)
            return {nullptr, "no connection in time"};
        wait_for(c.get(), next == PGRES_POLLING_WRITING);
        next = ::PQconnectPoll(c.get());
    }
    if (next == PGRES_POLLING_FAILED)
        return {nullptr, first_line(::PQerrorMessage(c.get()))};
    return {std::move(c), {}};
}

} // namespace posthorn::lookups
