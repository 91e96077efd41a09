// What people say about a number's consent, or an address's.
#include "gateway/house.hpp"
#include "model/address.hpp"
#include "runtime/answer_of.hpp"
#include "runtime/run_on.hpp"

namespace posthorn::gateway {

// The log of operations has it too, unless it changes nothing: that is known here already, but for
// a text of the same number that is being committed.
void house::set_consent(store::set_consent what, std::function<void(store::outcome)> done) {
    const auto before = desk_->opted_out().of(what.number);
    const bool changes = out_of_after(before, what.out, what.which) != before;
    std::vector<store::op> log;
    if (changes)
        log.emplace_back(store::operation{.who = what.who,
                                          .what = what.out ? "consent out" : "consent in",
                                          .which = std::string(category_or_all(what.which)) +
                                                   " of " + masked(what.number),
                                          .reason = what.reason,
                                          .at = what.at});
    desk_->set_consent(std::move(what), std::move(log),
                       [done = std::move(done)](const store::outcome& o) { done(o); });
}

asio::awaitable<void> house::heed(sdk::opt_out word, std::function<void(bool heeded)> done) {
    bool heeded = false;
    try {
        heeded = co_await heed(word);
    } catch (const store::read_failed& e) {
        log_(sdk::level::error, "consent", std::string("an opt-out by mail: ") + e.what());
    }
    done(heeded);
}

// It counts for whom the letter went to, who must have written it; else anybody could opt out others.
asio::awaitable<bool> house::heed(const sdk::opt_out& word) {
    const auto letter = static_cast<posthorn::id>(word.message);
    const auto whole = co_await runtime::run_on(reads_, [&] { return for_care_.whole(letter); });
    const auto* type = whole ? c_->catalogue->type_named(whole->event.type) : nullptr;
    const char* wrong = !whole ? "no such letter is known"
                        : !same_mailbox(whole->message.recipient, word.address)
                            ? "it does not come from whom the letter went to"
                        : type == nullptr || !type->needs_consent ? "nobody can opt out of its type"
                                                                  : nullptr;
    if (wrong != nullptr) {
        log_(sdk::level::warn, "consent",
             "an opt-out by mail message=" + std::to_string(letter) + " is not heeded: " + wrong);
        co_return false;
    }
    store::set_consent said{.number = whole->message.recipient,
                            .out = true,
                            .which = type->category,
                            .how = consent_way::email,
                            .words = "letter " + std::to_string(letter),
                            .at = now_()};
    co_await runtime::answer_of<store::outcome>(
        [&](auto done) { set_consent(std::move(said), std::move(done)); });
    co_return true; // also where it was out already
}

} // namespace posthorn::gateway
