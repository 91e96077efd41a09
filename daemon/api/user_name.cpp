#include "api/user_name.hpp"

#include <array>

#include <pwd.h>

namespace posthorn::api {

std::string user_name(unsigned uid) {
    std::array<char, 16'384> buffer{};
    passwd entry{};
    passwd* found = nullptr;
    if (::getpwuid_r(uid, &entry, buffer.data(), buffer.size(), &found) == 0 && found != nullptr)
        return found->pw_name;
    return "uid " + std::to_string(uid);
}

} // namespace posthorn::api
