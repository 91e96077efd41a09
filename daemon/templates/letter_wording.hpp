// The texts of an e-mail in one language, checked as those for phones are.
#pragma once

#include <memory>
#include <string>

namespace posthorn::templates {

struct program;

struct letter_piece {
    std::shared_ptr<const program> code; // null: none
    std::string written = {};            // as in its file
};

struct letter_wording {
    std::string language; // BCP 47
    letter_piece subject, plain;
    letter_piece html; // may be none
};

} // namespace posthorn::templates
