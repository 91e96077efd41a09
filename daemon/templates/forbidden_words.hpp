// Words that no text may have: carriers block them, or the law forbids them in notices.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace posthorn::templates {

class forbidden_words {
public:
    forbidden_words() = default;
    // One word or phrase a line; empty lines and what follows a '#' do not count.
    explicit forbidden_words(std::string_view lines);

    struct found {
        std::string word;       // as the list has it
        std::size_t offset = 0; // of its first place, in octets of the text
    };

    // Each word of the text once, in the order of the list. Capitals and full-width letters are the
    // same as others, and so are line ends and spaces; Latin words must stand alone: "free" is not
    // in "freeze".
    std::vector<found> in(std::string_view text) const;

private:
    struct word {
        std::string written;
        std::u32string plain;
    };
    std::vector<word> words_;
};

} // namespace posthorn::templates
