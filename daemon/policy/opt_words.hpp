// Whether a text from a phone opts it out or back in, and what the phone is told.
//
//   "ＴＤ 账单。" ─► out of billing      "退订" ─► out of all      "不要退订" ─► nothing of ours
//
// Words match exactly, alone or with a category after them; capitals, width and punctuation around
// do not matter.
#pragma once

#include "settings/consent_settings.hpp"

#include <map>
#include <optional>
#include <string>
#include <string_view>

namespace posthorn::policy {

struct opt_wish {
    enum class kind : std::uint8_t { none, out, in };
    kind what = kind::none;
    bool after_hint = false;       // an everyday word: see counts()
    std::optional<category> which; // none: all that asks for consent
    std::string word;              // as it is configured, with the category's name
    std::string language;          // of the word

    explicit operator bool() const { return what != kind::none; }
    // Statutory notices and the like stay: nothing is to be changed, but it is said.
    bool stays() const { return which && !asks_consent.has(*which); }
};

class opt_words {
public:
    explicit opt_words(const settings::consent_settings& from);

    opt_wish read(std::string_view text) const;
    // Everyday words only with no question open, and a while after a text that carried the hint;
    // `last_hint`: when the newest of those left. All others always.
    bool counts(const opt_wish& wish, bool question_open, std::optional<instant> last_hint,
                instant now) const;
    duration hint_for() const { return hint_for_; }

    // What the phone is told once the wish is committed; `changed`: it changed something. Empty:
    // nothing, as it was told before.
    std::string answer(const opt_wish& wish, bool changed) const;

private:
    struct meaning {
        std::string word;
        std::string language;
        opt_wish::kind what = opt_wish::kind::none;
        bool after_hint = false;
    };
    struct named {
        std::string name;
        std::optional<category> which;
    };

    void add(const settings::words_by_language& words, opt_wish::kind what, bool after_hint);
    const named* category_after(std::string_view rest, bool apart) const;

    std::map<std::string, meaning, std::less<>> words_; // as plain_text
    std::map<std::string, named, std::less<>> categories_;
    duration hint_for_;
    std::map<std::optional<category>, settings::words_by_language> names_;
    decltype(settings::consent_settings::answers) answers_;
};

} // namespace posthorn::policy
