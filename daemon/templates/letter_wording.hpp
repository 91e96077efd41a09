// The texts of an e-mail in one language, checked as those for phones are.
#pragma once

#include <memory>
#include <string>

namespace posthorn::templates {

struct program;

struct letter_wording {
    std::string language; // BCP 47
    std::shared_ptr<const program> subject, plain;
    std::shared_ptr<const program> html; // null: none
};

} // namespace posthorn::templates
