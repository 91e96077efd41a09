// The brake: a run that begins badly must not go on to its end. Pure; one thread; memory is bounded.
//
//   the first 100 leave ─► pause ─► receipts good? ─► goes on by itself
//                                └► none come, or bad ones ─► until a person says go
//   20 % of its last 200 answers are rejections ─► pause ─► until a person says go
//
// A run is what a source calls so; without a name, the type. What is known of it is forgotten with
// the process: it is looked at again from there, and a pause that was made is durable elsewhere.
#pragma once

#include "model/message.hpp"
#include "model/scope.hpp"

#include <bitset>
#include <cstddef>
#include <deque>
#include <map>
#include <optional>
#include <string>
#include <unordered_map>
#include <utility>

namespace posthorn::delivery {

struct brake_settings {
    bool on = false;
    unsigned first = 100;  // messages that leave before it is looked at
    unsigned good = 90;    // percent of the final receipts that must say delivered
    unsigned enough = 20;  // final receipts, to judge by
    unsigned rejects = 20; // percent of the last 200 answers, above which it stops

    bool operator==(const brake_settings&) const = default;
};

// What is to be done with a run.
struct brake_order {
    bool pause = false; // else it goes on
    scope which;
    std::string reason;
};

class brake {
public:
    explicit brake(brake_settings settings) : settings_(settings) {}
    void use(brake_settings settings) { settings_ = settings; }

    // A message is about to leave for the first time. With an order to pause it must not: it is the
    // one after the first. `type`: the name of its type.
    std::optional<brake_order> leaves(const message& m, std::string_view type);
    // Its intent is committed, and so it has an id.
    void left(const message& m, std::string_view type);
    // The carrier's answer to a part of it.
    std::optional<brake_order> answered(const message& m, std::string_view type, bool rejected);
    // A final receipt of one of the first; of all others nothing is known here.
    std::optional<brake_order> receipt(posthorn::id message, bool delivered);
    // A person says go: it is not paused for its beginning any more, and its rejections count anew.
    void let_go(const scope& which);

private:
    static constexpr std::size_t judged = 200; // answers
    static constexpr std::size_t most_runs = 1'000;

    struct run {
        scope which;
        unsigned left = 0; // of the first
        unsigned delivered = 0, failed = 0;
        bool paused = false;  // for its beginning
        bool trusted = false; // its beginning was good, or a person said go
        std::bitset<judged> rejected;
        std::size_t answers = 0;
    };
    using name = std::pair<name_id, std::string>; // source, and "run NAME" or "type NAME"

    run& run_of(const message& m, std::string_view type);
    std::optional<brake_order> goes_on(run& r) const;

    brake_settings settings_;
    std::map<name, run> runs_;
    std::deque<name> oldest_;
    std::unordered_map<posthorn::id, name> first_; // messages of runs that are not trusted yet
};

} // namespace posthorn::delivery
