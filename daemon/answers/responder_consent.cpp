// Words by which a phone opts out and comes back: before all else, at any time.
#include "answers/responder.hpp"

#include "inbound/receiver.hpp"

namespace posthorn::answers {

// Whether the text was such a word, and is answered.
boost::asio::awaitable<bool> responder::heed_consent(visit& v, bool question_open) {
    const auto& words = v.book->opt_words;
    const auto& wish = v.wish;
    if (!wish)
        co_return false;
    const auto now = around_.now();
    std::optional<instant> hint;
    if (wish.after_hint && !question_open)
        hint = co_await around_.last_hint(v.number, words.hint_for());
    if (!words.counts(wish, question_open, hint, now))
        co_return false;
    if (wish.stays() && co_await means_a_topic(v))
        co_return false;
    const bool out = wish.what == policy::opt_wish::kind::out;
    const auto before = around_.opted_out(v.number);
    const bool changes = out_of_after(before, out, wish.which) != before;
    reply r{.to = v.text.head,
            .number = v.number,
            .language = wish.language,
            .text = words.answer(wish, changes),
            .along =
                inbound::settling(v.text, inbound_outcome::answered, out ? "opt out" : "opt in"),
            .at_once = true};
    if (changes)
        r.consent = store::set_consent{.number = v.number,
                                       .out = out,
                                       .which = wish.which,
                                       .how = consent_way::text,
                                       .inbound = v.text.head.id,
                                       .words = wish.word,
                                       .at = now};
    if (const auto why = around_.send(r); !why.empty()) {
        around_.log(level::error, "text " + std::to_string(r.to.id) +
                                      ": what it wants is done, and cannot be confirmed: " + why);
        r.text.clear();
        around_.send(r);
    }
    co_return true;
}

} // namespace posthorn::answers
