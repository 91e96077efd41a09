// What the writer's commits changed, read back for those who tell: feedback entries and the current
// state of what they name. A read-only connection of its own; one thread.
#pragma once

#include "store/feedback.hpp"
#include "store/ops.hpp"
#include "store/told_message.hpp"

#include <map>

namespace posthorn::store {

class changes {
public:
    explicit changes(const std::filesystem::path& live);

    struct batch {
        std::int64_t through = 0; // the last seq read; 0: nothing new
        std::vector<change> entries;
    };
    batch after(std::int64_t seq, std::size_t most_commits);

    // Between these all reads see the same moment, and cost no lock each. Keep it short: while it
    // lasts the writer's log cannot be cut.
    void begin() { begin_.run(); }
    void end() { end_.run(); }

    // Nothing when it is not in live.db any more.
    std::optional<told_message> message(posthorn::id id);
    std::optional<told_message> parked(posthorn::id event);
    // How far the publication of an event to a topic has gone.
    std::optional<told_message> published(posthorn::id event);
    // How far an event for many has come.
    struct told_expansion {
        name_id source = 0;
        expansion_row row;
    };
    std::optional<told_expansion> expansion(posthorn::id event);
    struct told_refusal {
        name_id source = 0;
        refused_row row;
    };
    std::optional<told_refusal> refusal(posthorn::id id);

    struct told_passing {
        name_id source = 0;
        inbox_row row;
    };
    std::optional<told_passing> passed(posthorn::id id);

    struct late_receipt {
        posthorn::id message = 0;
        std::uint8_t n = 1;
        part_event what = part_event::deliver;
        std::string code;
        instant at{};
    };
    std::optional<late_receipt> late(posthorn::id id);

    // Parts whose receipt is waited for in history, of messages with an id below `before`: those
    // behind `after`, in order.
    std::vector<forget::late_part> late_parts(forget::late_part after, posthorn::id before,
                                              std::size_t limit);

    // What a crash left uncopied: finished messages among the next so many of those, oldest first, and
    // `rest` begins behind them then.
    struct id_span {
        posthorn::id after = 0, through = 0;
        bool empty() const { return after >= through; }
    };
    std::vector<posthorn::id> finished(id_span& rest, std::size_t limit);
    posthorn::id last_message(); // 0: there is none

private:
    SQLite::Database db_;
    statement begin_, end_, after_, message_, parts_, parked_, published_, expansion_, refusal_,
        passed_, late_, finished_, last_;
};

} // namespace posthorn::store
