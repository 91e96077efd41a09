// What a carrier says to the daemon's own HTTP listener, and what it hears. Data only.
#pragma once

#include "sdk/fields.hpp"

#include <string>

namespace posthorn::sdk {

struct call {
    std::string method; // GET or POST
    std::string path;   // what follows the account's name: "", or "/receipts"; decoded
    std::string query;  // as it came, without the question mark
    field_list headers; // names in lower case
    std::string body;
};

struct answer {
    unsigned status = 200;
    std::string type; // of the body; may be empty with it
    std::string body;
    bool known = true; // the caller has proved to be the carrier
};

} // namespace posthorn::sdk
