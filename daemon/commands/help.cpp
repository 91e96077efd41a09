#include "commands/help.hpp"

#include "templates/language.hpp"

namespace posthorn::commands {

const std::string& help_line_of(const command& c, std::string_view language) {
    return templates::best_for(language, c.help, c.default_language).text;
}

std::string help_text(std::span<const command> commands, std::string_view language) {
    std::string text;
    for (const auto& c : commands)
        if (!is_for_staff(c))
            text += (text.empty() ? "" : "\n") + help_line_of(c, language);
    return text;
}

} // namespace posthorn::commands
