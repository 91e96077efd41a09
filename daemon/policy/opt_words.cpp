#include "policy/opt_words.hpp"

#include "encoding/plain_text.hpp"

namespace posthorn::policy {

namespace {

bool is_ascii_word(char c) { return (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9'); }

// Of this language, else English, else any.
template <class Value>
const Value* in_language(const std::map<std::string, Value>& all, const std::string& language) {
    for (const auto& wanted : {language, std::string("en")})
        if (const auto found = all.find(wanted); found != all.end())
            return &found->second;
    return all.empty() ? nullptr : &all.begin()->second;
}

std::string filled(std::string text, std::string_view what) {
    constexpr std::string_view place = "{what}";
    for (std::size_t at = 0; (at = text.find(place, at)) != std::string::npos; at += what.size())
        text.replace(at, place.size(), what);
    return text;
}

} // namespace

opt_words::opt_words(const settings::consent_settings& from)
    : hint_for_(from.hint_for), names_(from.categories), answers_(from.answers) {
    add(from.out, opt_wish::kind::out, false);
    add(from.in, opt_wish::kind::in, false);
    add(from.out_after_hint, opt_wish::kind::out, true);
    for (const auto& [which, languages] : from.categories)
        for (const auto& [language, names] : languages)
            for (const auto& name : names)
                categories_.emplace(encoding::plain_text(name), named{name, which});
}

void opt_words::add(const settings::words_by_language& words, opt_wish::kind what,
                    bool after_hint) {
    for (const auto& [language, all] : words)
        for (const auto& word : all)
            words_.emplace(encoding::plain_text(word), meaning{word, language, what, after_hint});
}

// `apart`: the word before it ended like a Latin one, so that "TDX" is not "TD X".
const opt_words::named* opt_words::category_after(std::string_view rest, bool apart) const {
    const auto begin = rest.find_first_not_of(" ,.:-+");
    if (begin == std::string_view::npos || (begin == 0 && apart && is_ascii_word(rest.front())))
        return nullptr;
    const auto found = categories_.find(rest.substr(begin));
    return found == categories_.end() ? nullptr : &found->second;
}

opt_wish opt_words::read(std::string_view text) const {
    const auto plain = encoding::plain_text(text);
    if (const auto found = words_.find(plain); found != words_.end()) {
        const auto& m = found->second;
        return {.what = m.what,
                .after_hint = m.after_hint,
                .which = std::nullopt,
                .word = m.word,
                .language = m.language};
    }
    for (const auto& [word, m] : words_) {
        if (m.after_hint || !plain.starts_with(word))
            continue;
        const auto rest = std::string_view(plain).substr(word.size());
        if (const auto* category = category_after(rest, is_ascii_word(word.back())))
            return {.what = m.what,
                    .which = category->which,
                    .word = m.word + " " + category->name,
                    .language = m.language};
    }
    return {};
}

bool opt_words::counts(const opt_wish& wish, bool question_open, std::optional<instant> last_hint,
                       instant now) const {
    if (!wish || !wish.after_hint)
        return bool(wish);
    return !question_open && last_hint && *last_hint + hint_for_ >= now;
}

std::string opt_words::answer(const opt_wish& wish, bool changed) const {
    const bool out = wish.what == opt_wish::kind::out;
    if (!wish || (out && !changed && !wish.stays()))
        return {};
    const auto& texts = wish.stays() ? answers_.stays
                        : out        ? answers_.out
                        : changed    ? answers_.in
                                     : answers_.unchanged;
    const auto* text = in_language(texts, wish.language);
    if (text == nullptr)
        return {};
    std::string what(category_or_all(wish.which));
    if (const auto names = names_.find(wish.which); names != names_.end())
        if (const auto* words = in_language(names->second, wish.language); words && !words->empty())
            what = words->front();
    return filled(*text, what);
}

} // namespace posthorn::policy
