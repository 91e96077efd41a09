#include "commands/command.hpp"

namespace posthorn::commands {

namespace json = boost::json;

json::object answer_data(const json::object& arguments, const json::array& rows) {
    auto data = arguments;
    if (!rows.empty() && rows.front().is_object())
        for (const auto& column : rows.front().get_object())
            data[column.key()] = column.value();
    data["rows"] = rows;
    return data;
}

json::object without_secrets(const command& c, json::object arguments) {
    for (const auto& a : c.takes)
        if (is_secret(a.kind))
            arguments.erase(a.name);
    return arguments;
}

} // namespace posthorn::commands
