// Opens a connection to PostgreSQL; private to this room.
#pragma once

#include "settings/system_settings.hpp"

#include <libpq-fe.h>

#include <atomic>
#include <memory>
#include <string>

namespace posthorn::lookups {

struct close_connection {
    void operator()(PGconn* c) const { ::PQfinish(c); }
};
using connection_ptr = std::unique_ptr<PGconn, close_connection>;

struct connected {
    connection_ptr connection; // null: `why`
    std::string why;
};

// Blocking: libpq asks the name server itself. A few seconds at most, less when `stopping`.
connected connect(const settings::system_settings& s, const std::atomic<bool>& stopping);

// The first line of what libpq says; never has the password.
std::string first_line(const char* said);

} // namespace posthorn::lookups
