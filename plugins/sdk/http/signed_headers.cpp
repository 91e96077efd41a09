#include "sdk/http/signed_headers.hpp"

namespace posthorn::sdk {

std::string names_of(const http_headers& headers) {
    std::string out;
    for (const auto& [name, value] : headers)
        out += (out.empty() ? "" : ";") + name;
    return out;
}

std::string lines_and_names_of(const http_headers& headers) {
    std::string out;
    for (const auto& [name, value] : headers)
        out += name + ":" + value + "\n";
    return out + "\n" + names_of(headers);
}

} // namespace posthorn::sdk
