#include "settings/safe_url.hpp"

namespace posthorn::settings {

bool is_safe_url(std::string_view url) {
    for (const std::string_view start :
         {"https://", "http://127.0.0.1:", "http://127.0.0.1/", "http://[::1]:", "http://[::1]/"})
        if (url.starts_with(start) && url.size() > start.size())
            return true;
    return false;
}

} // namespace posthorn::settings
