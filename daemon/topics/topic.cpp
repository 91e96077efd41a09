#include "topics/topic.hpp"

#include "encoding/plain_text.hpp"
#include "templates/language.hpp"

namespace posthorn::topics {

const std::string& topic::description_in(std::string_view language) const {
    return templates::best_for(language, description, default_language).text;
}

std::string topic::fee_in(std::string_view language) const {
    return fee.empty() ? std::string() : templates::best_for(language, fee, default_language).text;
}

std::string parameter_key(std::string_view written) { return encoding::plain_text(written); }

} // namespace posthorn::topics
