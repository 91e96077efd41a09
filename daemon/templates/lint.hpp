// What may be wrong with the texts of a type although they load: what carriers block, what costs
// more than it must, what shows too much. Each finding says where, what, and what to do.
#pragma once

#include "model/message.hpp"
#include "settings/reader.hpp"
#include "templates/event_type.hpp"
#include "templates/forbidden_words.hpp"

#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace posthorn::templates {

enum class severity : std::uint8_t { warning, error };

inline constexpr std::array<std::string_view, 2> severity_names{"warning", "error"};

constexpr std::string_view name_of(severity s) {
    return severity_names[static_cast<std::size_t>(s)];
}

struct finding {
    templates::severity severity = severity::warning;
    settings::position at; // in the file of the type
    std::string language;
    std::string what;
    std::string advice;
};

// The text of the sample in one language.
struct sample_size {
    std::string language;
    coding code = coding::gsm7;
    unsigned parts = 0;
    unsigned room = 0; // so many characters more fit into these parts
};

struct lint_rules {
    std::vector<std::string> languages; // that each type should have
    forbidden_words forbidden;
    unsigned max_parts = 10; // an event whose text needs more is parked
};

struct lint_report {
    std::vector<sample_size> samples; // sorted by language
    std::vector<finding> findings;    // in the order of the file
};

// The languages that more than half of the types have, sorted.
std::vector<std::string> languages_in_use(const std::vector<event_type>& types);

// `file`: that of the type, read again for its lines.
lint_report lint(const event_type& type, settings::document file, const lint_rules& rules);

} // namespace posthorn::templates
