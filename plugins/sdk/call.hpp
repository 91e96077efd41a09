// What a carrier says to the daemon's own HTTP listener, and what it hears. Data only.
#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace posthorn::sdk {

struct call {
    std::string method; // GET or POST
    std::string path;   // what follows the account's name: "", or "/receipts"; decoded
    std::string query;  // as it came, without the question mark
    std::vector<std::pair<std::string, std::string>> headers; // names in lower case
    std::string body;

    // Empty: it has none.
    std::string_view header(std::string_view lower_case) const {
        for (const auto& [name, value] : headers)
            if (name == lower_case)
                return value;
        return {};
    }
};

struct answer {
    unsigned status = 200;
    std::string type; // of the body; may be empty with it
    std::string body;
    bool known = true; // the caller has proved to be the carrier
};

} // namespace posthorn::sdk
