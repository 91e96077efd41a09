#include "sdk/link/protocol.hpp"

#include <utility>

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
            .inactivity = from.duration("inactivity"),
            .rebind_without_receipts =
                from.flag("receipts") ? from.duration("rebind_without_receipts") : duration{}};
}

std::array<std::uint8_t, 3> by_priority(const options& from, const std::string& prefix) {
    std::array<std::uint8_t, 3> out{};
    for (const auto& [level, name] :
         {std::pair{priority::urgent, "urgent"}, std::pair{priority::normal, "normal"},
          std::pair{priority::bulk, "bulk"}})
        out.at(static_cast<std::size_t>(level)) =
            static_cast<std::uint8_t>(from.integer(prefix + name));
    return out;
}

} // namespace posthorn::sdk
