#include "commands/matcher.hpp"

#include "commands/boundary.hpp"
#include "commands/nearness.hpp"

#include <algorithm>
#include <functional>
#include <tuple>

namespace posthorn::commands {

namespace {

constexpr std::size_t most_suggested = 3;

// What was found near, and the fewest slips it took.
class suggestions {
public:
    // `sure`: of the word alone it can be told that it is meant.
    void add(const command& c, const std::string& language, std::size_t slips, bool sure) {
        if (slips > slips_)
            return;
        if (slips < slips_)
            found_.suggested.clear();
        if (found_.suggested.empty()) {
            found_.language = language;
            sure_ = true;
        }
        slips_ = slips;
        sure_ = sure_ && sure;
        if (std::ranges::find(found_.suggested, &c) == found_.suggested.end())
            found_.suggested.push_back(&c);
    }

    // So many that none of them is meant in particular: nothing.
    match_result result() && {
        const auto most = sure_ ? most_suggested : 1;
        if (found_.suggested.empty() || found_.suggested.size() > most)
            return unknown{};
        std::ranges::sort(found_.suggested, std::less()); // as in the menu
        return std::move(found_);
    }
    bool empty() const { return found_.suggested.empty(); }

private:
    near_miss found_;
    std::size_t slips_ = static_cast<std::size_t>(-1);
    bool sure_ = true;
};

struct printer {
    std::string operator()(const matched& m) const {
        auto out = m.asked->name + " (" + m.language + ")";
        for (const auto& a : m.asked->takes)
            if (const auto* value = m.arguments.if_contains(a.name))
                out += " " + a.name + "=" +
                       (is_secret(a.kind) ? "****" : std::string(value->as_string()));
        return out;
    }
    std::string operator()(const misused& m) const {
        const auto what = m.wrong == misuse::missing      ? m.argument + " is missing"
                          : m.wrong == misuse::unreadable ? m.argument + " cannot be read"
                                                          : "there is more than it takes";
        return m.asked->name + " (" + m.language + "): " + what;
    }
    std::string operator()(const near_miss& m) const {
        std::string out = "near (" + m.language + "):";
        for (const auto* c : m.suggested)
            out += " " + c->name;
        return out;
    }
    std::string operator()(const unknown&) const { return "unknown"; }
};

} // namespace

std::string shown(const match_result& result) { return std::visit(printer(), result); }

matcher::matcher(std::vector<command> commands) : commands_(std::move(commands)) {
    for (std::size_t c = 0; c < commands_.size(); ++c)
        for (std::size_t w = 0; w < commands_[c].words.size(); ++w)
            words_.push_back({c, w, key_of(commands_[c].words[w].text)});
    std::ranges::sort(words_, {}, [](const known_word& w) {
        return std::tuple(-static_cast<std::ptrdiff_t>(w.key.length()), w.command, w.word);
    });
}

const std::string& matcher::language_of(const known_word& w) const {
    return command_of(w).words[w.word].language;
}

match_result matcher::match(std::string_view text, std::chrono::year_month_day today) const {
    const auto plainly = plain(text);
    if (plainly.shown.empty())
        return unknown{};
    if (auto found = match_signs(plainly))
        return std::move(*found);
    for (const auto allowed : {gaps::as_written, gaps::anywhere})
        if (auto found = match_word(plainly, allowed, today))
            return std::move(*found);
    return nearest_to(plainly);
}

std::optional<match_result> matcher::match_signs(const plain_text& text) const {
    const auto signs = signs_of(text);
    if (signs.empty())
        return std::nullopt;
    for (const auto& w : words_)
        if (w.key.signs == signs)
            return matched{&command_of(w), language_of(w), {}};
    return std::nullopt;
}

std::optional<match_result> matcher::match_word(const plain_text& text, gaps allowed,
                                                std::chrono::year_month_day today) const {
    const auto begin = text.skip(0);
    for (const auto& w : words_) {
        const auto end = end_of_word(w.key, text, begin, allowed);
        if (!end)
            continue;
        auto read = read_after_word(command_of(w), text, *end, today);
        if (!read)
            continue;
        if (read->wrong)
            return misused{&command_of(w), language_of(w), *read->wrong, std::move(read->argument)};
        return matched{&command_of(w), language_of(w), std::move(read->values)};
    }
    return std::nullopt;
}

match_result matcher::nearest_to(const plain_text& text) const {
    suggestions inside;
    suggestions alike;
    const auto typed = first_word(text);
    for (const auto& w : words_) {
        if (is_for_staff(command_of(w)) || w.key.length() == 0)
            continue;
        if (contains(text, w.key))
            inside.add(command_of(w), language_of(w), 0, true);
        else if (const auto slips = slips_between(typed, w.key))
            alike.add(command_of(w), language_of(w), *slips, w.key.length() > 2);
    }
    return inside.empty() ? std::move(alike).result() : std::move(inside).result();
}

const command* matcher::named(std::string_view word) const {
    const auto key = key_of(word);
    for (const auto& w : words_)
        if (w.key.letters == key.letters && w.key.signs == key.signs)
            return &command_of(w);
    const auto found = std::ranges::find(commands_, word, &command::name);
    return found == commands_.end() ? nullptr : &*found;
}

} // namespace posthorn::commands
