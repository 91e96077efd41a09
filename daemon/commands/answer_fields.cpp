#include "commands/answer_fields.hpp"

#include "commands/acts.hpp"

#include <algorithm>

namespace posthorn::commands {

namespace {

using templates::field;
using templates::kind;

kind kind_of(argument_kind k) {
    switch (k) {
    case argument_kind::month:
    case argument_kind::date:
        return kind::date;
    case argument_kind::amount:
    case argument_kind::integer:
        return kind::decimal;
    case argument_kind::number:
        return kind::number;
    case argument_kind::time:
        return kind::time;
    default:
        return kind::text;
    }
}

const char* sample_of(argument_kind k) {
    switch (k) {
    case argument_kind::month:
        return "2026-10-01";
    case argument_kind::date:
        return "2026-11-23";
    case argument_kind::amount:
        return "12.50";
    case argument_kind::integer:
        return "2";
    case argument_kind::number:
        return "13800000001";
    case argument_kind::document:
        return "WL2026001";
    case argument_kind::time:
        return "2026-11-26T09:30";
    case argument_kind::piece:
        return "解放路18号";
    default:
        return "3100000001";
    }
}

bool has(const std::vector<field>& fields, std::string_view name) {
    return std::ranges::find(fields, name, &field::name) != fields.end();
}

// Rows of these fields.
field list_of(const char* name, const std::vector<field>& fields) {
    field row{.name = "item", .kind = kind::object};
    row.fields = fields;
    field rows{.name = name, .kind = kind::list};
    rows.of.push_back(std::move(row));
    return rows;
}

} // namespace

std::vector<field> empty_fields(const command& c) {
    std::vector<field> fields;
    const bool chosen = needs_binding(c);
    if (chosen)
        fields.push_back({.name = "account", .kind = kind::text});
    for (const auto& a : c.takes)
        if (!is_secret(a.kind) && !has(fields, a.name))
            fields.push_back({.name = a.name, .kind = kind_of(a.kind), .required = a.required});
    return fields;
}

std::vector<field> answer_fields(const command& c, const lookup_shape& shape) {
    auto fields = shape.fields;
    if (!shape.fields.empty() && !has(fields, "rows"))
        fields.push_back(list_of("rows", shape.fields));
    if (c.with_work) { // then there may be no row
        for (auto& f : fields)
            f.required = f.required && f.name == "rows";
        fields.push_back(list_of("work", work_shape().fields));
    }
    for (auto& f : empty_fields(c))
        if (!has(fields, f.name))
            fields.push_back(std::move(f));
    return fields;
}

boost::json::object sample_arguments(const command& c) {
    boost::json::object arguments;
    if (needs_binding(c))
        arguments["account"] = sample_of(argument_kind::account);
    for (const auto& a : c.takes)
        arguments[a.name] = sample_of(a.kind);
    return arguments;
}

} // namespace posthorn::commands
