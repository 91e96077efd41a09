// Whether a message may leave now: what policy.yaml says of its category, the time, and what its number
// has been sent lately. The same questions in the same order have the same answers.
//
//     emergencies ─► may    quiet hours ─► wait, drop, by e-mail    cap, same text ─► drop
#pragma once

#include "model/counted_text.hpp"
#include "policy/rules.hpp"
#include "policy/sightings.hpp"

#include <memory>
#include <string_view>

namespace posthorn::policy {

struct facts {
    category what = category::service;
    bool urgent = false;
    std::string_view number; // E.164 without '+'
    std::string_view text;
    instant expires_at{};
};

enum class rule : std::uint8_t { none, quiet_hours, cap, same_text };

inline constexpr std::array<std::string_view, 4> rule_names{"none", "quiet hours", "cap",
                                                            "same text"};

constexpr std::string_view name_of(rule r) { return rule_names[static_cast<std::size_t>(r)]; }

struct decision {
    enum class kind : std::uint8_t { may, wait, drop, expire }; // expire: it would wait too long
    decision::kind what = kind::may;
    rule by = rule::none;
    instant until{};    // wait
    std::string reason; // as sources and people read it
    std::string
        by_email{}; // wait, unless it can go to a mailbox: why it does then; empty: it may not
};

class judge {
public:
    explicit judge(std::shared_ptr<const rules> rules) { use(std::move(rules)); }
    // From now on; null: none. What was counted stays.
    void use(std::shared_ptr<const rules> rules);

    // False: nothing is said of it, ever.
    bool concerns(category c) const { return rules_ && rules_->of(c).any(); }
    decision ask(const facts& f, instant now);
    decision ask_time(const facts& f, instant now); // as if nothing had been sent
    // Now or in a moment: what leaves then might wake somebody.
    bool is_quiet(category c, instant now);
    // When its next quiet time begins; nothing while it is quiet, and where it never is.
    std::optional<instant> next_quiet(category c, instant now);

    // What is to be remembered of a text that leaves now; nothing when its category counts none.
    std::optional<counted_text> to_count(const facts& f, instant now) const;
    void add(const counted_text& t, instant now);
    void remove(const counted_text& t);
    // The same text may be sent there again. What to look for in the store; `at`: from then on.
    std::optional<counted_text> forgive(const facts& f, instant now);
    // What was counted before then matters no more.
    instant needed_since(instant now);

private:
    struct known_period {
        instant asked{};
        quiet_hours::period period;
    };
    struct days { // of the zone
        instant begins, ends, week_begins;
    };

    const quiet_hours::period& period_of(category c, instant now);
    const days& today(instant now);
    decision cap(const facts& f, instant now);
    decision same_text(const facts& f, instant now);

    std::shared_ptr<const rules> rules_;
    std::array<known_period, category_names.size()> periods_;
    days today_{};
    sightings seen_;
};

} // namespace posthorn::policy
