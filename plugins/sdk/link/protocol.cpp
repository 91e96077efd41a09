#include "sdk/link/protocol.hpp"

namespace posthorn::sdk {

link_settings links_of(const options& from, std::string_view test, std::string_view login_limit) {
    return {.host = from.text("host"),
            .port = static_cast<std::uint16_t>(from.integer("port")),
            .window = static_cast<unsigned>(from.integer("window")),
            .links = static_cast<unsigned>(from.integer("links")),
            .test_after = test.empty() ? duration{} : from.duration(test),
            .response_timeout = from.duration("response_timeout"),
            .login_timeout = from.duration(login_limit),
            .connect_timeout = from.duration("connect_timeout"),
            .inactivity = from.duration("inactivity")};
}

} // namespace posthorn::sdk
