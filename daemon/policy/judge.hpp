// Whether a message may leave now: what policy.yaml says of its category, the time, and what its number
// has been sent lately. The same questions in the same order have the same answers.
//
//     emergencies ─► may    quiet hours ─► wait, drop, by e-mail    preferred hours ─► wait
//     cap, same text ─► drop
//
// Quiet hours are those by the clock of where the number is, if that is known.
#pragma once

#include "model/counted_text.hpp"
#include "policy/own_times.hpp"
#include "policy/rules.hpp"
#include "policy/sightings.hpp"

#include <memory>
#include <string_view>
#include <vector>

namespace posthorn::policy {

struct facts {
    category what = category::service;
    bool urgent = false;
    std::string_view number; // E.164 without '+'
    std::string_view text;
    instant expires_at{};
};

enum class rule : std::uint8_t { none, quiet_hours, preferred_hours, cap, same_text, budget };

inline constexpr std::array<std::string_view, 6> rule_names{
    "none", "quiet hours", "preferred hours", "cap", "same text", "budget"};

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
    // `home`: where numbers are of which nothing is known.
    explicit judge(std::shared_ptr<const rules> rules,
                   templates::zone home = templates::zone::utc())
        : home_(home) {
        use(std::move(rules), std::move(home));
    }
    // From now on; null: none. What was counted, and the numbers' own times, stay.
    void use(std::shared_ptr<const rules> rules, templates::zone home = templates::zone::utc());
    // Of numbers, and from now on.
    own_times& times() { return times_; }

    // False: nothing is said of it, ever.
    bool concerns(category c, std::string_view number) const {
        return (rules_ && rules_->of(c).any()) || (!times_.empty() && times_.of(number).any());
    }
    decision ask(const facts& f, instant now);
    decision ask_time(const facts& f, instant now); // as if nothing had been sent
    // Now or in a moment: what leaves then might wake somebody.
    bool is_quiet(const facts& f, instant now);
    // When its next quiet time begins, or its preferred hours end; nothing while it is quiet, and where
    // it never is.
    std::optional<instant> next_quiet(const facts& f, instant now);

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

    using periods = std::array<known_period, category_names.size()>;

    bool has_quiet_hours(category c) const { return rules_ && rules_->of(c).quiet; }
    quiet_hours quiet_at(category c, const own_times::entry& own) const;
    const quiet_hours::period& period_of(category c, const own_times::entry& own, instant now);
    std::optional<quiet_hours> outside_preferred(category c, const own_times::entry& own) const;
    decision quiet(const facts& f, const own_times::entry& own, instant then);
    static decision put_off(const facts& f, decision out, instant until,
                            const templates::zone& zone);
    const days& today(instant now);
    decision cap(const facts& f, instant now);
    decision same_text(const facts& f, instant now);

    std::shared_ptr<const rules> rules_;
    templates::zone home_;
    own_times times_;
    std::vector<periods> periods_; // by zone: the policy's own, then those of times_
    days today_{};
    sightings seen_;
};

} // namespace posthorn::policy
