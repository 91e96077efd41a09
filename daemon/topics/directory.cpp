#include "topics/directory.hpp"

#include <algorithm>

namespace posthorn::topics {

namespace {

// "OUTAGESX" is not OUTAGES with an X.
bool is_inside_word(const commands::plain_text& text, std::size_t end) {
    const auto goes_on = [&](bool (*is)(char32_t)) {
        return end > 0 && end < text.size() && is(text.folded[end - 1]) && is(text.folded[end]);
    };
    return goes_on(commands::is_letter) || goes_on(commands::is_digit);
}

} // namespace

directory::directory(std::vector<topic> sorted_by_name) : topics_(std::move(sorted_by_name)) {
    for (std::size_t i = 0; i < topics_.size(); ++i) {
        for (const auto& w : topics_[i].words)
            words_.push_back({i, w.language, commands::key_of(w.text)});
        words_.push_back({i, {}, commands::key_of(topics_[i].name)});
    }
    std::ranges::stable_sort(words_, {}, [](const known_word& w) {
        return -static_cast<std::ptrdiff_t>(w.key.length());
    });
}

const topic* directory::named(std::string_view name) const {
    const auto found = std::ranges::lower_bound(topics_, name, {}, &topic::name);
    return found != topics_.end() && found->name == name ? &*found : nullptr;
}

std::optional<named_topic> directory::find(std::string_view written) const {
    const auto text = commands::plain(written);
    for (const auto& w : words_) {
        const auto end =
            commands::end_of_word(w.key, text, text.skip(0), commands::gaps::as_written);
        if (!end || is_inside_word(text, *end))
            continue;
        const auto& t = topics_[w.topic];
        auto parameter = parameter_key(
            commands::to_utf8(std::u32string_view(text.shown).substr(text.skip(*end))));
        if (!t.takes && !parameter.empty())
            continue;
        return named_topic{&t, w.language, std::move(parameter)};
    }
    return std::nullopt;
}

} // namespace posthorn::topics
