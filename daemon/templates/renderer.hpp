// Data in, text out.
#pragma once

#include "model/letter.hpp"
#include "model/refusal.hpp"
#include "templates/letter_wording.hpp"
#include "templates/wording_set.hpp"

#include <boost/json/object.hpp>

#include <memory>
#include <string>
#include <string_view>

namespace posthorn::templates {

struct rendered {
    std::string text;           // UTF-8, signature included
    std::string_view language;  // the one used; lives as long as the set
    std::string asked_for = {}; // as the template has it, where `text` was transliterated
};

struct rendered_letter {
    letter text;
    std::string_view language; // lives as long as the wordings
};

// Owns the ICU formatters, so each thread has its own. Sets may come and go while it lives.
class renderer {
public:
    renderer();
    ~renderer();
    renderer(renderer&&) noexcept;
    renderer& operator=(renderer&&) noexcept;

    // Validates the data as validate() does, then fills in the text. The refusal says what is wrong
    // with the data, that the text grew beyond 64 KiB or 100,000 steps, or that nothing would
    // follow the signature.
    result<rendered> render(const wording_set& set, std::string_view language,
                            const boost::json::object& data);

    // The same of an e-mail, without a signature: who sends it stands in its head. What fields bring
    // into the HTML is text there, never mark-up.
    result<rendered_letter> render_letter(const wording_set& set,
                                          const std::vector<letter_wording>& emails,
                                          std::string_view language,
                                          const boost::json::object& data);

private:
    struct state;
    std::unique_ptr<state> state_;
};

} // namespace posthorn::templates
