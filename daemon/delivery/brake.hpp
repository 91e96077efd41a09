// The brake: a run that begins badly must not go on to its end. Pure; one thread; memory is
// bounded.
//
//   its first 100 have left ─► pause ─► good receipts come ─► it goes on by itself
//                                  └──► none, or bad ones ──► until a person says go
//   more than 20 % of its last 200 answers refuse ──► pause, until a person says go
//   a type's hour has as many messages as it may ───► pause of the type, until a person says go
//
// A run is that of one source; what has no run is judged with all of its source and type. Statutory
// and urgent messages are warned of and never kept back. Counting begins anew with the process.
#pragma once

#include "model/message.hpp"
#include "model/scope.hpp"

#include <array>
#include <bitset>
#include <cstddef>
#include <functional>
#include <list>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

namespace posthorn::delivery {

// As who it pauses; no user is called so.
inline constexpr std::string_view brake_name = "the brake";

struct brake_settings {
    bool enabled = false;
    unsigned first = 100;  // messages of a run that leave before it is judged
    unsigned enough = 20;  // of them whose end must be known
    unsigned good = 80;    // percent of those that must be delivered
    unsigned rejects = 20; // percent of a run's last 200 answers; more are too many
    std::unordered_map<name_id, unsigned> most_in_an_hour; // messages of a source, by type
};

struct run_name {
    name_id source = 0;
    name_id type = 0; // where there is no run; else 0
    std::string run;

    bool operator==(const run_name&) const = default;
};

struct brake_order {
    enum class kind : std::uint8_t { pause, go_on, warn };
    kind what = kind::pause;
    run_name which;
    std::string reason; // of "it"
};

struct brake_warning {
    run_name which;
    std::string reason;
};
// The same, in the words of people.
struct told_warning {
    posthorn::scope scope;
    std::string reason;
};

class brake {
public:
    enum class word : std::uint8_t {
        go,
        wait, // for a commit that is under way: ask again
        stop, // there is an order to pause it
    };

    // `only_warns`: whether a message is never kept back.
    brake(brake_settings settings, std::function<bool(const message&)> only_warns);
    // Switched off it forgets all it has counted.
    void use(brake_settings settings);
    bool enabled() const { return settings_.enabled; }

    // May a message leave that never did?
    word ask(const message& m, instant now);
    // Its intent is being committed. True: it is one of the first, and left() or not_left()
    // follows.
    bool opened(const message& m);
    void left(const message& m); // it has its id
    void not_left(const message& m);
    // It is one of the first of a run that is still judged.
    bool follows(posthorn::id message) const { return first_.contains(message); }
    // The carrier's answer to a part.
    void answered(const message& m, bool rejected);
    // The final receipt of a part; that of a message's first part to end speaks for all of it.
    void ended(posthorn::id message, bool delivered);
    // A person says go: the run is trusted, its answers and its hour count anew. `source` 0: all
    // sources that are known. False: there was no warning about it either.
    bool let_go(const run_name& which);

    // What is to be done now; each order is given once.
    bool has_orders() const { return !orders_.empty(); }
    std::vector<brake_order> take_orders() { return std::exchange(orders_, {}); }
    std::vector<brake_warning> warnings() const;
    // How far a run is that waits for good receipts; empty when it does not.
    std::string progress(const run_name& which) const;

private:
    static constexpr std::size_t judged = 200; // answers
    static constexpr std::size_t most_runs = 2'000;
    enum cause : std::uint8_t { beginning, answers, volume, causes };

    struct run {
        run_name name;
        unsigned opening = 0, left = 0; // of the first
        unsigned delivered = 0, failed = 0;
        std::vector<posthorn::id> followed; // of the first, while they are in first_
        bool paused = false;                // for its beginning
        bool stopped = false;               // for its refusals, until a person says go
        bool trusted = false;               // its beginning was good, or a person said go
        std::bitset<judged> refusals;
        std::size_t answered = 0;
        unsigned refused = 0; // of the last
        instant hour_began{};
        unsigned this_hour = 0;
        std::array<std::string, causes> warnings;
    };
    struct key { // views into a run's name, or a message
        name_id source;
        name_id type;
        std::string_view run;
        bool operator==(const key&) const = default;
    };
    struct hash {
        std::size_t operator()(const key& k) const;
    };

    static key key_of(const message& m);
    static key key_of(const run_name& n) { return {n.source, n.type, n.run}; }
    run* find(const key& k); // and it is the one seen last
    run& run_of(const key& k);
    void forget_oldest();
    void forget_first(run& r);
    void too_many_refused(run& r, bool only_warned);
    bool is_too_much(const message& m, instant now);
    bool is_good(const run& r) const;
    void trust(run& r);
    void warn(run& r, cause why, std::string reason);

    brake_settings settings_;
    std::function<bool(const message&)> only_warns_;
    std::list<run> runs_; // the one seen last in front
    std::unordered_map<key, std::list<run>::iterator, hash> by_name_;
    std::unordered_map<posthorn::id, run*> first_; // messages of runs that are not trusted yet
    std::vector<brake_order> orders_;
};

} // namespace posthorn::delivery
