// Lists and sums for people and for housekeeping; the stories are in reader_stories.cpp.
#include "store/reader.hpp"

#include "store/flows_with_work.hpp"
#include "store/reader_connection.hpp"

#include <algorithm>

namespace posthorn::store {

namespace {

constexpr std::int64_t most_counted = 300'000; // some 30 ms

// Parts of either table, with what desk and store need to know of their message.
tell_part giving_up(statement& row, bool single, instant now) {
    return {.message = row.number(0),
            .n = static_cast<std::uint8_t>(row.number(1)),
            .single = single,
            .attempts = static_cast<std::uint16_t>(row.number(2)),
            .what = part_event::give_up,
            .reason = "the carrier accepted it, and no receipt came in time",
            .pool = static_cast<name_id>(row.number(3)),
            .priority = static_cast<priority>(row.number(4)),
            .source = static_cast<name_id>(row.number(5)),
            .due_at = row.time(6),
            .was_due_at = row.time(6),
            .at = now};
}

} // namespace

reader::reader(std::filesystem::path live, std::filesystem::path history)
    : live_(std::move(live)), history_(std::move(history)) {}

reader::~reader() = default;

std::vector<parked_event> reader::parked(const parked_filter& which, posthorn::id after,
                                         std::size_t limit) {
    return ask([&](connection& c) {
        statement rows(c.live, "SELECT " + std::string(event_columns) +
                                   " FROM event AS e WHERE e.parked IS NOT NULL AND e.id > ?1 "
                                   "AND (?2 = '' OR e.key = ?2) AND (?3 = '' OR e.type = ?3) "
                                   "AND (?4 = '' OR instr(lower(e.parked), lower(?4)) > 0) "
                                   "AND (?5 = '' OR e.source = (SELECT id FROM name "
                                   "WHERE kind = 'source' AND name = ?5)) "
                                   "ORDER BY e.id LIMIT ?6");
        rows.bind(after, which.key, which.type, which.reason_has, which.source, limit);
        std::vector<parked_event> out;
        while (rows.row())
            out.push_back({c.read_event(rows), std::string(rows.text(event_parked_column))});
        return out;
    });
}

std::vector<reason_count> reader::parked_reasons() {
    return ask([](connection& c) {
        statement rows(c.live, "SELECT parked, count(*) FROM (SELECT parked FROM event "
                               "WHERE parked IS NOT NULL ORDER BY id DESC LIMIT 20000) "
                               "GROUP BY parked ORDER BY count(*) DESC, parked LIMIT 10");
        std::vector<reason_count> out;
        while (rows.row())
            out.push_back({std::string(rows.text(0)), rows.number(1)});
        return out;
    });
}

// Only ids from before `now` - `receipt_wait` are looked at: nothing is submitted that was not made
// before its end, and what was made since cannot be overdue.
std::vector<tell_part> reader::overdue(instant now, duration receipt_wait) {
    constexpr std::size_t most = 1000;
    const instant ended_before = now - receipt_wait;
    return ask([&](connection& c) {
        std::vector<tell_part> out;
        statement singles(c.live,
                          "SELECT id, 1, attempts, pool, priority, source, due_at FROM message "
                          "WHERE account > 0 AND final_at = 0 AND part_state = ?1 AND id < ?2 "
                          "AND expires_at < ?3 ORDER BY id LIMIT ?4");
        singles.bind(part_state::submitted, first_id_at(ended_before), ended_before, most);
        while (singles.row())
            out.push_back(giving_up(singles, true, now));
        statement parts(
            c.live,
            "SELECT p.message, p.n, p.attempts, m.pool, m.priority, m.source, m.due_at "
            "FROM message AS m CROSS JOIN part AS p ON p.message = m.id "
            "WHERE m.account > 0 AND m.final_at = 0 AND m.parts > 1 "
            "AND p.part_state = ?1 AND m.id < ?2 AND m.expires_at < ?3 ORDER BY m.id LIMIT ?4");
        parts.bind(part_state::submitted, first_id_at(ended_before), ended_before,
                   most - out.size());
        while (parts.row())
            out.push_back(giving_up(parts, false, now));
        return out;
    });
}

std::vector<kept_wording> reader::wordings(std::string_view type) {
    return ask([&](connection& c) {
        statement rows(c.live, "SELECT version, since, who, written FROM wording WHERE type=? "
                               "ORDER BY version DESC LIMIT 1000");
        rows.bind(type);
        std::vector<kept_wording> out;
        while (rows.row())
            out.push_back({rows.number(0), rows.time(1), std::string(rows.text(2)),
                           std::string(rows.text(3))});
        return out;
    });
}

std::vector<keep_learned> reader::learned() {
    return ask([&](connection& c) {
        statement rows(c.live, "SELECT account, record, adapter, at FROM learned");
        std::vector<keep_learned> out;
        while (rows.row())
            out.push_back({static_cast<name_id>(rows.number(0)), std::string(rows.text(1)),
                           std::string(rows.text(2)), rows.time(3)});
        return out;
    });
}

live_rows reader::live_of_type(std::string_view type) {
    return ask([&](connection& c) {
        statement messages(c.live, "SELECT count(*) FROM (SELECT 1 FROM message WHERE final_at = 0 "
                                   "AND type = (SELECT id FROM name WHERE kind = 'type' AND "
                                   "name = ?) LIMIT ?)");
        messages.bind(type, most_counted).row();
        statement parked(c.live, "SELECT count(*) FROM (SELECT 1 FROM event WHERE parked IS NOT "
                                 "NULL AND type = ? LIMIT ?)");
        parked.bind(type, most_counted).row();
        return live_rows{messages.number(0), parked.number(0)};
    });
}

// What waits in a queue waits for any account of its pool.
live_rows reader::live_of_account(std::string_view account) {
    return ask([&](connection& c) {
        statement messages(c.live, "SELECT count(*) FROM (SELECT 1 FROM message WHERE account > 0 "
                                   "AND final_at = 0 AND state <> ?1 AND account = (SELECT id FROM "
                                   "name WHERE kind = 'account' AND name = ?2) LIMIT ?3)");
        messages.bind(message_state::queued, account, most_counted).row();
        return live_rows{messages.number(0), 0};
    });
}

std::vector<noted_operation> reader::operations(const operation_filter& which, std::size_t limit) {
    return ask([&](connection& c) {
        statement rows(c.live, "SELECT id, at, who, what, which, reason, result FROM operation "
                               "WHERE (?1 = 0 OR id < ?1) AND at >= ?2 AND (?3 = '' OR who = ?3) "
                               "AND (?4 = '' OR what = ?4) ORDER BY id DESC LIMIT ?5");
        rows.bind(which.before, which.since, which.who, which.what, limit);
        std::vector<noted_operation> out;
        while (rows.row())
            out.push_back({rows.number(0),
                           {.who = std::string(rows.text(2)),
                            .what = std::string(rows.text(3)),
                            .which = std::string(rows.text(4)),
                            .reason = std::string(rows.text(5)),
                            .result = std::string(rows.text(6)),
                            .at = rows.time(1)}});
        return out;
    });
}

std::vector<operation> reader::operations_on(const std::vector<std::string>& which, instant since,
                                             instant until) {
    return ask([&](connection& c) {
        statement rows(c.live, "SELECT which, at, who, what, reason, result FROM operation "
                               "WHERE id >= ?1 AND at >= ?2 AND at <= ?3 ORDER BY id");
        rows.bind(first_id_at(since), since, until);
        std::vector<operation> out;
        while (rows.row())
            if (std::ranges::find(which, rows.text(0)) != which.end())
                out.push_back({.who = std::string(rows.text(2)),
                               .what = std::string(rows.text(3)),
                               .which = std::string(rows.text(0)),
                               .reason = std::string(rows.text(4)),
                               .result = std::string(rows.text(5)),
                               .at = rows.time(1)});
        return out;
    });
}

std::vector<consent_entry> reader::consents(const std::string& number, std::size_t limit) {
    return ask([&](connection& c) {
        statement rows(c.live,
                       "SELECT c.id, c.what, c.category, c.how, c.who, c.inbound, c.words, "
                       "c.reason, c.at, ifnull(n.categories, 0) FROM consent AS c "
                       "LEFT JOIN consent_now AS n ON n.number = ?3 "
                       "AND n.entry = c.id WHERE c.number = ?1 ORDER BY c.id DESC LIMIT ?2");
        rows.bind(number, limit, consent_key(number));
        std::vector<consent_entry> out;
        while (rows.row())
            out.push_back({rows.number(0),
                           {.number = number,
                            .out = rows.text(1) == "out",
                            .which = value_named<category>(category_names, rows.text(2)),
                            .how = value_named<consent_way>(consent_way_names, rows.text(3))
                                       .value_or(consent_way::text),
                            .who = std::string(rows.text(4)),
                            .inbound = rows.number(5),
                            .words = std::string(rows.text(6)),
                            .reason = std::string(rows.text(7)),
                            .at = rows.time(8)},
                           category_set{static_cast<std::uint8_t>(rows.number(9))}});
        return out;
    });
}

std::int64_t reader::set_aside() {
    return ask([](connection& c) {
        statement count(c.live, "SELECT count(*) FROM (SELECT 1 FROM set_aside LIMIT ?)");
        count.bind(most_counted).row();
        return count.number(0);
    });
}

std::int64_t reader::put_off(instant now) {
    return ask([&](connection& c) {
        statement count(c.live,
                        "SELECT count(*) FROM (SELECT 1 FROM put_off WHERE until>? LIMIT ?)");
        count.bind(now, most_counted).row();
        return count.number(0);
    });
}

std::map<std::string, std::int64_t> reader::tallies() {
    return ask([](connection& c) {
        statement rows(c.live, "SELECT what, n FROM tally LIMIT 1000");
        std::map<std::string, std::int64_t> out;
        while (rows.row())
            out[std::string(rows.text(0))] = rows.number(1);
        return out;
    });
}

std::vector<flow_waiting> reader::queue() {
    return ask([](connection& c) {
        statement count(c.live, "SELECT count(*) FROM (SELECT 1 FROM queue WHERE pool=? AND "
                                "priority=? AND source=? LIMIT ?)");
        std::vector<flow_waiting> out;
        for (const auto& [flow, due_at] : flows_with_work(c.live)) {
            count.bind(flow.pool, flow.priority, flow.source, most_counted).row();
            const auto messages = count.number(0);
            out.push_back({flow, messages, messages == most_counted, due_at});
        }
        return out;
    });
}

std::map<name_id, std::string> reader::names() {
    return ask([](connection& c) { return c.names; });
}

} // namespace posthorn::store
