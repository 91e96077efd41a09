#include "subscriptions/subscribing.hpp"

#include "commands/plain_text.hpp"
#include "model/hours_text.hpp"
#include "subscriptions/entitlement.hpp"

#include <algorithm>

namespace posthorn::subscriptions {

decision subscribe(const wish& w, const store::person& who, const std::vector<subscription>& known,
                   instant now) {
    const auto& t = w.topic;
    auto parameter = w.parameter;
    if (!t.takes && !parameter.empty())
        return {.why = "the topic has no parameter: '" + parameter + "' means nothing to it"};
    if (auto why = refusal_of(t, who, parameter); !why.empty() && !parameter.empty())
        return {.why = std::move(why)};
    if (!may_have(t, who))
        return {.why = refusal_of(t, who, parameter)};
    if (t.takes && parameter.empty()) {
        auto own = own_parameters(t, who);
        if (own.size() != 1)
            return {.what = decision::kind::which_parameter, .parameters = std::move(own)};
        parameter = own.front();
    }
    subscription made{.topic = t.name,
                      .number = who.number,
                      .parameter = std::move(parameter),
                      .language = w.language,
                      .hours = t.hours};
    const auto before = std::ranges::find_if(known, [&](const auto& s) {
        return s.topic == made.topic && s.parameter == made.parameter;
    });
    if (before != known.end()) {
        made.hours = before->hours;
        if (made.language.empty())
            made.language = before->language;
    }
    if (t.expires_after > duration{})
        made.expires_at = now + t.expires_after;
    return {.what = decision::kind::subscribe, .made = std::move(made)};
}

std::vector<subscription> named_in(std::string_view text, const std::vector<subscription>& known,
                                   const topics::directory& topics) {
    std::vector<subscription> out;
    const auto found = topics.find(text);
    for (const auto& s : known)
        if (found ? s.topic == found->which->name &&
                        (found->parameter.empty() || s.parameter == found->parameter)
                  : text == naming(s) || text == s.topic)
            out.push_back(s);
    return out;
}

std::vector<subscription> in_force(std::vector<subscription> known, instant now) {
    std::erase_if(
        known, [now](const auto& s) { return s.expires_at != instant{} && s.expires_at <= now; });
    return known;
}

std::string naming(const subscription& s) {
    return s.topic + (s.parameter.empty() ? "" : " " + s.parameter);
}

namespace {

// The signs that people write between and after hours: one way for each.
void make_plain(std::u32string& text) {
    std::u32string out;
    for (std::size_t i = 0; i < text.size(); ++i) {
        const auto c = text[i];
        const auto next = i + 1 < text.size() ? text[i + 1] : U'\0';
        if (c == U'点' || c == U'时') {
            if (commands::is_digit(next))
                out += U':';
        } else if (c == U'到' || c == U'至' || c == U'~') {
            out += U'-';
        } else if (c == U'.' && commands::is_digit(next)) {
            out += U':';
        } else if (c != U'分') {
            out += c;
        }
    }
    text = std::move(out);
}

} // namespace

std::optional<hours_wish> hours_in(std::string_view text) {
    const auto plainly = commands::plain(text);
    auto rest_of = [&](std::size_t at) {
        return commands::to_utf8(
            std::u32string_view(plainly.shown).substr(std::min(plainly.skip(at), plainly.size())));
    };
    for (const std::u32string_view all : {U"全天", U"all day", U"allday", U"any time"})
        if (plainly.folded.starts_with(all))
            return hours_wish{{}, rest_of(all.size())};
    // The longest beginning that is hours.
    std::optional<hours_wish> found;
    constexpr std::size_t longest = 16;
    for (std::size_t end = 3; end <= std::min(plainly.size(), longest); ++end) {
        auto piece = plainly.folded.substr(0, end);
        make_plain(piece);
        std::erase(piece, U' ');
        const auto hours = hours_from(commands::to_utf8(piece));
        const bool goes_on = end < plainly.size() && commands::is_digit(plainly.folded[end]);
        if (hours && !goes_on)
            found = hours_wish{*hours, rest_of(end)};
    }
    return found;
}

} // namespace posthorn::subscriptions
