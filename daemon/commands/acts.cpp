#include "commands/acts.hpp"

#include <array>

namespace posthorn::commands {

const lookup_shape& shape_of(act a) {
    static const std::array<lookup_shape, act_names.size()> shapes{{
        {"bind", {"account", "code"}, {}, {}},
        {"unbind", {"account"}, {}, {}},
        {"accounts",
         {},
         {{.name = "account", .kind = templates::kind::text}},
         {{"account", "3100000001"}}},
        {"menu", {}, {}, {}},
        {"help", {"command"}, {}, {}},
    }};
    return shapes[static_cast<std::size_t>(a)];
}

} // namespace posthorn::commands
