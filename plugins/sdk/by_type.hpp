// What an account sends differently with texts of some types of event, in an option of kind map:
//
//     service_id: SVC01
//     by_type:
//       bill.*: service_id=BILL fee_type=02
//       code.verification: service_id=CODE
//
// The first entry that takes the type in counts; what it does not say is as for all types.
#pragma once

#include "sdk/options.hpp"

#include <algorithm>
#include <span>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace posthorn::sdk {

/// A field that may differ: an option of this name says what it is for all other types.
template <class Values>
struct field_by_type {
    std::string_view name;
    std::size_t most; // octets
    std::string Values::*into;
};

template <class Values>
class by_type {
public:
    using fields = std::span<const field_by_type<Values>>;

    static constexpr std::string_view option_name = "by_type";

    /// Throws std::runtime_error when an option is wider than its field.
    by_type(const options& from, fields all) {
        for (const auto& field : all) {
            const auto& text = from.text(field.name);
            if (text.size() > field.most)
                throw std::runtime_error(std::string(field.name) + too_long(field.most));
            usual_.*field.into = text;
        }
        for (const auto& [pattern, text] : from.entries(option_name)) {
            auto values = usual_;
            read(text, all, &values);
            entries_.emplace_back(pattern, std::move(values));
        }
    }

    const Values& of(std::string_view type) const {
        for (const auto& [pattern, values] : entries_)
            if (takes_in(pattern, type))
                return values;
        return usual_;
    }

    /// What is wrong with an entry, or "": for option::check.
    static std::string wrong_entry(fields all, std::string_view pattern, std::string_view text) {
        if (const auto star = pattern.find('*');
            star != std::string_view::npos &&
            (star + 1 != pattern.size() || !pattern.ends_with(".*") || pattern.size() < 3))
            return "is no type: write bill.issued, or bill.* for all that begin so";
        return read(text, all, nullptr);
    }

private:
    // As in every file: "outage.planned" that one, "outage.*" all that begin so.
    static bool takes_in(std::string_view pattern, std::string_view type) {
        if (!pattern.ends_with(".*"))
            return pattern == type;
        pattern.remove_suffix(1);
        return type.size() > pattern.size() && type.starts_with(pattern);
    }

    static std::string too_long(std::size_t most) {
        return " has more than " + std::to_string(most) + " characters";
    }

    static std::string read(std::string_view text, fields all, Values* into) {
        for (std::string_view word; !(word = next_word(text)).empty();) {
            const auto equals = word.find('=');
            const auto* field = named(all, word.substr(0, equals));
            if (equals == std::string_view::npos || field == nullptr)
                return "must be FIELD=VALUE with a field of " + names(all) + ", is " +
                       std::string(word);
            const auto value = word.substr(equals + 1);
            if (value.size() > field->most)
                return std::string(field->name) + too_long(field->most);
            if (into != nullptr)
                into->*field->into = value;
        }
        return {};
    }
    static std::string_view next_word(std::string_view& text) {
        text.remove_prefix(std::min(text.find_first_not_of(' '), text.size()));
        const auto word = text.substr(0, text.find(' '));
        text.remove_prefix(word.size());
        return word;
    }
    static const field_by_type<Values>* named(fields all, std::string_view name) {
        for (const auto& field : all)
            if (field.name == name)
                return &field;
        return nullptr;
    }
    static std::string names(fields all) {
        std::string out;
        for (const auto& field : all)
            out += (out.empty() ? "" : ", ") + std::string(field.name);
        return out;
    }

    Values usual_;
    std::vector<std::pair<std::string, Values>> entries_;
};

} // namespace posthorn::sdk
