#include "store/withdrawals.hpp"

#include "model/event.hpp"
#include "store/bounded_read.hpp"
#include "store/publications.hpp"
#include "store/withdrawal_rules.hpp"

namespace posthorn::store {

namespace {

// `is`: of a part's state, like "=0".
std::string any_part(std::string_view is) {
    return "CASE m.parts WHEN 1 THEN m.part_state" + std::string(is) +
           " ELSE EXISTS (SELECT 1 FROM part AS p WHERE p.message=m.id AND p.part_state" +
           std::string(is) + ") END";
}

// A text of which some has left is not cut short, but does not go again by another account.
std::string waiting_message_columns() {
    const auto queued = std::to_string(static_cast<int>(part_state::queued));
    const auto sending = std::to_string(static_cast<int>(part_state::sending));
    const auto uncertain = std::to_string(static_cast<int>(part_state::uncertain));
    return "SELECT m.id, NOT " + any_part("<>" + queued) +
           " OR EXISTS (SELECT 1 FROM failover AS f WHERE f.message=m.id AND f.waits), " +
           any_part("=" + sending) + ", " + any_part("=" + uncertain) + " FROM message AS m WHERE ";
}

} // namespace

struct withdrawal_reader::connection : live_connection {
    explicit connection(const std::filesystem::path& file)
        : live_connection(file),
          open(live, "SELECT w.event, 0, w.source, w.subject, w.types, w.happened_at, w.what "
                     "FROM withdrawal AS w WHERE w.event>?1 UNION ALL "
                     "SELECT c.event, 1, 0, '', '', c.at, c.reason FROM cancellation AS c "
                     "WHERE c.event>?1 ORDER BY 1 LIMIT ?2"),
          events(live, "SELECT e.id, e.type FROM event AS e WHERE e.source=?1 AND e.subject=?2 "
                       "AND e.subject <> '' AND e.id>=?3 AND e.id<>?4 AND e.parked IS NULL AND " +
                           std::string(happened_column) + "<=?5 ORDER BY e.id"),
          by_name(live, "SELECT e.id, e.type FROM event AS e WHERE e.id=?1 AND e.id>=?2 "
                        "AND e.parked IS NULL"),
          of_item(live, "SELECT e.id, e.type FROM event AS e WHERE e.source=(SELECT id FROM name "
                        "WHERE kind='source' AND name='" +
                            std::string(own_source) +
                            "') AND e.subject=?1 AND e.subject <> '' AND e.id>=?2 "
                            "AND e.parked IS NULL ORDER BY e.id"),
          items(live, "SELECT p.id, p.topic, p.what, p.done_at FROM publication AS p "
                      "WHERE p.source=?1 AND p.subject=?2 AND p.subject <> '' "
                      "AND p.happened_at<=?3 "
                      "AND p.what <> (SELECT w.what FROM withdrawal AS w WHERE w.event=?4) "
                      "ORDER BY p.id"),
          items_by_name(live, "SELECT p.id, p.topic, p.what, p.done_at FROM cancellation AS c "
                              "JOIN publication AS p ON " +
                                  std::string(comes_of_it_alone) +
                                  " WHERE c.event=?1 ORDER BY p.id"),
          next_to_it(live, waiting_message_columns() + "m.id=?1+1 AND m.event=?1"),
          apart(live, waiting_message_columns() +
                          "m.event=? AND m.id <> m.event + 1 AND m.id>? ORDER BY m.id "
                          "LIMIT ?"),
          expanding(live, "SELECT 1 FROM expansion WHERE event=? AND done_at=0") {}

    statement& events_of(const open_withdrawal& w, posthorn::id from) {
        return w.by_name ? by_name.bind(w.event, from)
                         : events.bind(w.source, w.subject, from, w.event, w.happened_at);
    }

    struct item {
        posthorn::id id = 0;
        std::string subject; // of its events
        bool done = false;   // it has been made into events for all
    };
    std::vector<item> items_of(const open_withdrawal& w) {
        std::vector<item> out;
        auto& row = w.by_name ? items_by_name.bind(w.event)
                              : items.bind(w.source, w.subject, w.happened_at, w.event);
        while (row.row())
            if (w.by_name || means(w.types, type_in(row.text(2))))
                out.push_back({row.number(0), subject_of_item(row.text(1), row.number(0)),
                               row.number(3) != 0});
        row.reset();
        return out;
    }

    // Messages of these events, those of types that are meant, up to `limit`.
    void add(std::vector<needless_message>& out, statement& of, const std::string* types,
             place& from, std::size_t limit) {
        const auto read = [&](statement& row) {
            while (row.row()) {
                out.push_back({.id = row.number(0),
                               .waits = row.number(1) != 0,
                               .sending = row.number(2) != 0,
                               .uncertain = row.number(3) != 0});
                from.message = out.back().id;
            }
            row.reset();
        };
        while (out.size() < limit && of.row()) {
            if (types != nullptr && !means(*types, of.text(1)))
                continue;
            const auto event = of.number(0);
            if (event != from.event)
                from = {from.item, event, 0};
            if (from.message < event + 1)
                read(next_to_it.bind(event));
            read(apart.bind(event, from.message, limit - out.size()));
        }
        of.reset();
    }

    statement open, events, by_name, of_item, items, items_by_name, next_to_it, apart, expanding;
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
            const auto what = row.text(6);
            const bool by_name = row.number(1) != 0;
            out.push_back({.event = row.number(0),
                           .by_name = by_name,
                           .source = static_cast<name_id>(row.number(2)),
                           .subject = std::string(row.text(3)),
                           .types = std::string(row.text(4)),
                           .type = std::string(by_name ? "" : type_in(what)),
                           .happened_at = row.time(5),
                           .reason = by_name ? std::string(what) : withdrawn_by(what),
                           .since = by_name ? row.time(5) : made_at(row.number(0))});
        }
        return out;
    });
}

std::vector<needless_message> withdrawal_reader::messages(const open_withdrawal& w, place& from,
                                                          std::size_t limit) {
    return ask([&](connection& c) {
        std::vector<needless_message> out;
        if (from.item == 0)
            c.add(out, c.events_of(w, from.event), w.by_name ? nullptr : &w.types, from, limit);
        if (out.size() >= limit)
            return out;
        for (const auto& item : c.items_of(w)) {
            if (item.id < from.item)
                continue;
            if (item.id != from.item)
                from = {item.id, 0, 0};
            c.add(out, c.of_item.bind(item.subject, from.event), nullptr, from, limit);
            if (out.size() >= limit)
                break;
        }
        return out;
    });
}

bool withdrawal_reader::expanding(const open_withdrawal& w) {
    return ask([&](connection& c) {
        bool any = false;
        auto& events = c.events_of(w, 0);
        while (!any && events.row())
            if (w.by_name || means(w.types, events.text(1))) {
                any = c.expanding.bind(events.number(0)).row();
                c.expanding.reset();
            }
        events.reset();
        for (const auto& item : c.items_of(w))
            any = any || !item.done;
        return any;
    });
}

} // namespace posthorn::store
