// Who is behind a uid, for the log of operations.
#pragma once

#include <string>

namespace posthorn::api {

// The name in the user database, else "uid 1000". May block: the database may lie elsewhere.
std::string user_name(unsigned uid);

} // namespace posthorn::api
