// What an e-mail says, and the one text that a message keeps of it:
//
//     SUBJECT \n PLAIN [\f HTML]
//
// Neither sign can be within what stands before it: write_letter sees to that.
#pragma once

#include <string>
#include <string_view>

namespace posthorn {

struct letter {
    std::string subject, plain, html; // html may be empty
};

struct letter_view {
    std::string_view subject, plain, html;
};

// Control characters go: a subject is one line, the rest keeps its lines and tabs.
std::string write_letter(const letter& l);

// Views into `text`; of any text, so that what is stored can always be shown.
letter_view read_letter(std::string_view text);

} // namespace posthorn
