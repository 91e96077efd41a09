#include "lookups/json_rows.hpp"

#include "lookups/row.hpp"

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>

namespace posthorn::lookups {

namespace {

namespace json = boost::json;

// Here an amount may come as 128 and 128.50 by turns; the field says that both are in whole units.
bool is_whole_amount(const templates::field& f, const json::value& v) {
    return f.kind == templates::kind::money && f.in == templates::money_form::decimal &&
           v.is_int64();
}

json::object row_of(const lookup& of, const json::object& given) {
    json::object row;
    for (const auto& f : of.fields) {
        const auto* found = given.if_contains(f.name);
        if (found == nullptr || found->is_null())
            continue;
        row[f.name] = is_whole_amount(f, *found) ? json::value(std::to_string(found->get_int64()))
                                                 : fitted(f, *found);
    }
    return row;
}

} // namespace

answer rows_of(const lookup& of, const json::value& found) {
    json::array rows;
    const bool is_list = found.is_array();
    const std::size_t count = is_list ? found.get_array().size() : 1;
    if (count > of.most_rows)
        return failed{failure::too_many_rows,
                      "more than " + std::to_string(of.most_rows) + " rows"};
    for (std::size_t i = 0; i < count; ++i) {
        const auto& one = is_list ? found.get_array()[i] : found;
        if (!one.is_object())
            return failed{failure::bad_data, "a row is no object"};
        auto row = row_of(of, one.get_object());
        if (auto why = mistakes_of(of, row); !why.empty())
            return failed{failure::bad_data, std::move(why)};
        rows.push_back(std::move(row));
    }
    return rows;
}

} // namespace posthorn::lookups
