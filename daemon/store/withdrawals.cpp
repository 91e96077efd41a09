#include "store/withdrawals.hpp"

#include "store/bounded_read.hpp"
#include "store/withdrawal_rules.hpp"

namespace posthorn::store {

namespace {

// `is`: of a part's state, like "=0".
std::string any_part(std::string_view is) {
    return "CASE m.parts WHEN 1 THEN m.part_state" + std::string(is) +
           " ELSE EXISTS (SELECT 1 FROM part AS p WHERE p.message=m.id AND p.part_state" +
           std::string(is) + ") END";
}

// A text of which some has left is not cut short.
std::string waiting_message_columns() {
    const auto queued = std::to_string(static_cast<int>(part_state::queued));
    const auto sending = std::to_string(static_cast<int>(part_state::sending));
    const auto uncertain = std::to_string(static_cast<int>(part_state::uncertain));
    return "SELECT m.id, NOT " + any_part("<>" + queued) + ", " + any_part("=" + sending) + ", " +
           any_part("=" + uncertain) + " FROM message AS m WHERE ";
}

} // namespace

struct withdrawal_reader::connection : live_connection {
    explicit connection(const std::filesystem::path& file)
        : live_connection(file),
          open(live, "SELECT w.event, w.source, w.subject, w.types, w.happened_at, w.what "
                     "FROM withdrawal AS w WHERE w.event>? ORDER BY w.event LIMIT ?"),
          events(live, "SELECT e.id, e.type FROM event AS e WHERE e.source=?1 AND e.subject=?2 "
                       "AND e.subject <> '' AND e.id>=?3 AND e.id<>?4 AND e.parked IS NULL AND " +
                           std::string(happened_column) + "<=?5 ORDER BY e.id"),
          next_to_it(live, waiting_message_columns() + "m.id=?1+1 AND m.event=?1"),
          apart(live, waiting_message_columns() +
                          "m.event=? AND m.id <> m.event + 1 AND m.id>? ORDER BY m.id "
                          "LIMIT ?"),
          expanding(live, "SELECT 1 FROM expansion WHERE event=? AND done_at=0") {}

    statement& events_of(const open_withdrawal& w, posthorn::id from) {
        return events.bind(w.source, w.subject, from, w.event, w.happened_at);
    }

    statement open, events, next_to_it, apart, expanding;
};

template <class Work>
auto withdrawal_reader::ask(Work work) {
    return bounded_read(live_, open_, std::move(work));
}

withdrawal_reader::withdrawal_reader(std::filesystem::path live) : live_(std::move(live)) {}

withdrawal_reader::~withdrawal_reader() = default;

std::vector<open_withdrawal> withdrawal_reader::open(posthorn::id after, std::size_t limit) {
    return ask([&](connection& c) {
        std::vector<open_withdrawal> out;
        auto& row = c.open.bind(after, limit);
        while (row.row()) {
            const auto what = row.text(5);
            out.push_back({.event = row.number(0),
                           .source = static_cast<name_id>(row.number(1)),
                           .subject = std::string(row.text(2)),
                           .types = std::string(row.text(3)),
                           .type = std::string(what.substr(0, what.find(' '))),
                           .happened_at = row.time(4),
                           .reason = withdrawn_by(what)});
        }
        return out;
    });
}

std::vector<needless_message> withdrawal_reader::messages(const open_withdrawal& w, place& from,
                                                          std::size_t limit) {
    return ask([&](connection& c) {
        std::vector<needless_message> out;
        const auto add = [&](statement& row) {
            while (row.row()) {
                out.push_back({.id = row.number(0),
                               .waits = row.number(1) != 0,
                               .sending = row.number(2) != 0,
                               .uncertain = row.number(3) != 0});
                from.message = out.back().id;
            }
            row.reset();
        };
        auto& events = c.events_of(w, from.event);
        while (out.size() < limit && events.row()) {
            if (!means(w.types, events.text(1)))
                continue;
            const auto event = events.number(0);
            if (event != from.event)
                from = {event, 0};
            if (from.message < event + 1)
                add(c.next_to_it.bind(event));
            add(c.apart.bind(event, from.message, limit - out.size()));
        }
        events.reset();
        return out;
    });
}

bool withdrawal_reader::expanding(const open_withdrawal& w) {
    return ask([&](connection& c) {
        bool any = false;
        auto& events = c.events_of(w, 0);
        while (!any && events.row())
            if (means(w.types, events.text(1))) {
                any = c.expanding.bind(events.number(0)).row();
                c.expanding.reset();
            }
        events.reset();
        return any;
    });
}

} // namespace posthorn::store
