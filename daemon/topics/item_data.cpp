#include "topics/item_data.hpp"

namespace posthorn::topics {

namespace json = boost::json;

json::object item_data(const topic& of, const json::array& rows, std::string_view parameter) {
    json::object data;
    if (of.takes && !parameter.empty())
        data[of.takes->name] = parameter;
    if (!rows.empty() && rows.front().is_object())
        for (const auto& column : rows.front().get_object())
            data[column.key()] = column.value();
    data["rows"] = rows;
    return data;
}

} // namespace posthorn::topics
