#include "cli/columns.hpp"

#include "cli/header.hpp"
#include "model/blank.hpp"
#include "settings/problem.hpp"

#include <boost/json/object.hpp>
#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>

#include <algorithm>
#include <charconv>

namespace posthorn::cli {

namespace {

std::optional<std::int64_t> integer_in(std::string_view text) {
    std::int64_t value = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (error != std::errc() || end != text.data() + text.size())
        return std::nullopt;
    return value;
}

std::optional<bool> boolean_in(std::string_view text) {
    if (text == "true" || text == "yes" || text == "1")
        return true;
    if (text == "false" || text == "no" || text == "0")
        return false;
    return std::nullopt;
}

const templates::field* declared(const templates::event_type* type, std::string_view name) {
    if (type == nullptr)
        return nullptr;
    const auto field = std::ranges::find(type->fields, name, &templates::field::name);
    return field == type->fields.end() ? nullptr : &*field;
}

std::vector<std::string_view> names_of(const std::vector<templates::field>& fields) {
    std::vector<std::string_view> names;
    for (const auto& f : fields)
        names.push_back(f.name);
    return names;
}

bool is_integer(const templates::field& field) {
    return field.kind == templates::kind::integer ||
           (field.kind == templates::kind::money && field.in == templates::money_form::minor);
}

} // namespace

boost::json::value value_of(const templates::field& field, std::string_view text) {
    if (is_integer(field)) {
        if (const auto number = integer_in(trimmed(text)))
            return *number;
    } else if (field.kind == templates::kind::boolean) {
        if (const auto flag = boolean_in(trimmed(text)))
            return *flag;
    } else if (field.kind == templates::kind::list || field.kind == templates::kind::object) {
        boost::json::error_code ec;
        auto parsed = boost::json::parse(boost::json::string_view(text.data(), text.size()), ec);
        if (!ec)
            return parsed;
    } else if (field.kind != templates::kind::text) {
        text = trimmed(text);
    }
    return boost::json::value(boost::json::string(text.data(), text.size()));
}

result<columns> columns::find(const header_row& header, const templates::event_type* type,
                              const column_choice& choice) {
    if (const auto twice = repeated_column(header))
        return refuse("the header has the column '" + *twice + "' twice");
    columns found;
    found.count_ = header.size();
    const std::string key_name = choice.key.empty() ? "key" : choice.key;
    const auto key = place_of(header, key_name);
    if (!key)
        return refuse("no column '" + key_name +
                      "': each row needs a key of its own, by which a repeat is known and its "
                      "result is found; name the column with --key (columns: " +
                      list_of(header) + ")");
    const std::string to_name = choice.to.empty() ? "to" : choice.to;
    const auto to = place_of(header, to_name);
    if (!to)
        return refuse("no column '" + to_name +
                      "' with the phone numbers: name it with --to (columns: " + list_of(header) +
                      ")");
    found.key_ = *key;
    found.to_ = *to;
    found.to_kind_ = place_of(header, "to_kind");
    found.subject_ = place_of(header, "subject");

    if (auto mistake = found.take_mapped(header, type, choice))
        return refuse(std::move(*mistake));
    found.take_named(header, type, choice);
    found.name_unused(header, type);
    return found;
}

// The columns of --map; or why one of them is none.
std::optional<std::string> columns::take_mapped(const header_row& header,
                                                const templates::event_type* type,
                                                const column_choice& choice) {
    for (const auto& [name, column] : choice.fields) {
        const auto at = place_of(header, column);
        const auto map = "--map " + name + "=" + column + ": ";
        if (!at)
            return map + "the file has no column '" + column + "'" +
                   nearest_column(header, column) + " (columns: " + list_of(header) + ")";
        const auto* field = declared(type, name);
        if (type != nullptr && field == nullptr && name != "language")
            return map + "type '" + type->name + "' has no field '" + name + "'" +
                   settings::did_you_mean(name, names_of(type->fields)) + "; see `posthorn types`";
        data_.push_back({*at, name, field ? std::optional(*field) : std::nullopt});
    }
    return std::nullopt;
}

void columns::take_named(const header_row& header, const templates::event_type* type,
                         const column_choice& choice) {
    for (std::size_t at = 0; at < header.size(); ++at) {
        const std::string name(trimmed(header[at]));
        const auto* field = declared(type, name);
        const bool wanted = type == nullptr
                                ? !reserved(at) && !is_rejects_column(name)
                                : field != nullptr || (name == "language" && !reserved(at));
        if (wanted && !name.empty() && !choice.fields.contains(name))
            data_.push_back({at, name, field ? std::optional(*field) : std::nullopt});
    }
}

void columns::name_unused(const header_row& header, const templates::event_type* type) {
    std::vector<std::string_view> missing;
    if (type != nullptr)
        for (const auto& name : names_of(type->fields))
            if (std::ranges::find(data_, name, &data_column::name) == data_.end())
                missing.push_back(name);
    for (std::size_t at = 0; at < header.size(); ++at) {
        const auto name = trimmed(header[at]);
        const bool used = std::ranges::find(data_, at, &data_column::at) != data_.end();
        if (!used && !reserved(at) && !name.empty() && !is_rejects_column(name))
            unused_.push_back(std::string(name) + settings::did_you_mean(name, missing));
    }
}

bool columns::reserved(std::size_t at) const {
    return at == key_ || at == to_ || to_kind_ == at || subject_ == at;
}

event columns::event_of(const std::vector<std::string>& fields) const {
    event e;
    e.key = trimmed(fields[key_]);
    e.to_ref = trimmed(fields[to_]);
    e.to_kind = to_kind_ ? std::string(trimmed(fields[*to_kind_])) : "";
    if (e.to_kind.empty())
        e.to_kind = name_of(to_kind::number);
    if (subject_)
        e.subject = trimmed(fields[*subject_]);
    boost::json::object data;
    for (const auto& column : data_) {
        const auto& text = fields[column.at];
        if (trimmed(text).empty())
            continue;
        data[column.name] = column.field ? value_of(*column.field, text)
                                         : boost::json::value(boost::json::string(text));
    }
    e.data = boost::json::serialize(data);
    return e;
}

} // namespace posthorn::cli
