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

std::string run_of_item(std::string_view topic, std::string_view item) {
    return "topic:" + std::string(topic) + ":" + std::string(item);
}

std::string parameter_key(std::string_view written) {
    const auto plain = encoding::plain_text(written);
    const auto is_wide = [](char c) { return (c & 0x80) != 0; };
    std::string out;
    for (std::size_t i = 0; i < plain.size(); ++i)
        if (plain[i] != ' ' || i == 0 || i + 1 == plain.size() ||
            (!is_wide(plain[i - 1]) && !is_wide(plain[i + 1])))
            out += plain[i];
    return out;
}

} // namespace posthorn::topics
