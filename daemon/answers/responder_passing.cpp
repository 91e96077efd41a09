// Texts that belong to a source: they go there, and their phone hears what that source wants it to.
#include "answers/responder.hpp"

#include "inbound/receiver.hpp"

namespace posthorn::answers {

namespace {

// In this language, else in the house's, else in any; empty: the phone is told nothing.
std::string acknowledgement(const owner& of, const std::string& language,
                            const std::string& fallback) {
    const auto& texts = of.acknowledge;
    for (const auto& wanted : {language, fallback})
        if (const auto found = texts.find(wanted); found != texts.end())
            return found->second;
    return texts.empty() ? std::string() : texts.begin()->second;
}

} // namespace

void responder::pass_on(visit& v, const owner& to) {
    const auto& head = v.text.head;
    const auto language = language_of(v);
    reply r{.to = head,
            .number = v.number,
            .language = language,
            .text = v.unanswered
                        ? std::string()
                        : acknowledgement(to, language,
                                          v.book->phrases.of(phrase::unknown).default_language),
            .along = inbound::settling(v.text, inbound_outcome::passed, to.source),
            .at_once = true};
    r.along.emplace_back(store::pass_on{.source = around_.source_numbered(to.source),
                                        .kind = "text",
                                        .inbound = head.id,
                                        .number = v.number,
                                        .recipient = head.recipient,
                                        .text = head.text,
                                        .data = "{}",
                                        .at = head.at});
    if (const auto why = around_.send(r); !why.empty()) {
        around_.log(level::error, "text " + std::to_string(head.id) +
                                      " is passed on, and cannot be acknowledged: " + why);
        r.text.clear();
        around_.send(r);
    }
}

} // namespace posthorn::answers
