// Which column of a file means what, and one line of it as an event.
//
// Columns `key`, `to`, `to_kind`, `subject` and `language` are taken by these names, a type's
// fields by theirs; other columns are left out, and named so that a misspelt one is seen.
#pragma once

#include "model/event.hpp"
#include "model/refusal.hpp"
#include "templates/event_type.hpp"

#include <boost/json/value.hpp>

#include <cstddef>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace posthorn::cli {

// What the person said; empty: the usual name.
struct column_choice {
    std::string key;
    std::string to;
    std::map<std::string, std::string> fields; // field of the type → column of the file
};

// A text as the JSON a field of this kind wants. What does not fit stays a text, so that the check
// that follows names it as it was written.
boost::json::value value_of(const templates::field& field, std::string_view text);

class columns {
public:
    // `type`: nullptr when it is not known here (--no-check): then every other column goes into
    // data as text. The refusal names the missing column and those there are.
    static result<columns> find(const std::vector<std::string>& header,
                                const templates::event_type* type, const column_choice& choice);

    // The fields of one line in UTF-8, as many as the header has. Empty cells are left out of data.
    event event_of(const std::vector<std::string>& fields) const;

    std::size_t count() const { return count_; }

    // Columns that are left out, each with the missing field it may have been meant for.
    const std::vector<std::string>& unused() const { return unused_; }

private:
    struct data_column {
        std::size_t at = 0;
        std::string name;
        std::optional<templates::field> field; // nothing: text
    };

    std::optional<std::string> take_mapped(const std::vector<std::string>& header,
                                           const templates::event_type* type,
                                           const column_choice& choice);
    void take_named(const std::vector<std::string>& header, const templates::event_type* type,
                    const column_choice& choice);
    void name_unused(const std::vector<std::string>& header, const templates::event_type* type);
    bool reserved(std::size_t at) const; // by its name, for something else than data

    std::size_t count_ = 0;
    std::size_t key_ = 0;
    std::size_t to_ = 0;
    std::optional<std::size_t> to_kind_;
    std::optional<std::size_t> subject_;
    std::vector<data_column> data_;
    std::vector<std::string> unused_;
};

} // namespace posthorn::cli
