// The life of events, from live.db or the month in which they ended.
#include "store/archive.hpp"
#include "store/month_candidates.hpp"
#include "store/reader_connection.hpp"
#include "store/sqlite/rows.hpp"

#include <algorithm>
#include <set>

namespace posthorn::store {

namespace {

constexpr std::string_view story_columns =
    "m.id, m.state, m.parts, m.account, m.coding, m.recipient, m.language, m.due_at, m.expires_at, "
    "m.final_at, m.reason, m.part_state, m.repeats, m.opened_at, m.submitted_at, m.ref, m.code, "
    "m.mark, m.pool, m.priority";

constexpr std::string_view only_this_one = " m.id = ?1 AND m.event = ?2 LIMIT 1";

// `first`: the columns from part_state on, as message and part rows have them in one order.
part_story read_part(statement& row, int first, std::uint8_t n) {
    return {.n = n,
            .state = static_cast<part_state>(row.number(first)),
            .repeats = row.number(first + 1),
            .opened_at = row.time(first + 2),
            .submitted_at = row.time(first + 3),
            .ref = std::string(row.text(first + 4)),
            .code = std::string(row.text(first + 5)),
            .mark = std::string(row.text(first + 6))};
}

void read_parts(SQLite::Database& db, message_story& m) {
    statement rows(db, "SELECT part_state, repeats, opened_at, submitted_at, ref, code, mark, n "
                       "FROM part WHERE message=? ORDER BY n LIMIT 256");
    rows.bind(m.id);
    while (rows.row())
        m.parts.push_back(read_part(rows, 0, static_cast<std::uint8_t>(rows.number(7))));
}

void read_attempts(SQLite::Database& db, message_story& m) {
    statement rows(db, "SELECT n, attempt, outcome, code, closed_at FROM attempt WHERE message=? "
                       "ORDER BY n, attempt LIMIT 1000");
    rows.bind(m.id);
    while (rows.row())
        for (auto& p : m.parts)
            if (p.n == rows.number(0))
                p.attempts.push_back({rows.number(1), std::string(rows.text(2)),
                                      std::string(rows.text(3)), rows.time(4)});
}

std::vector<decided> decisions_about(SQLite::Database& db, posthorn::id i) {
    std::vector<decided> out;
    if (!db.tableExists("decision")) // a month of an earlier release
        return out;
    statement rows(db, "SELECT at, what, reason FROM decision WHERE about=? ORDER BY at LIMIT 100");
    rows.bind(i);
    while (rows.row())
        out.push_back({rows.time(0), std::string(rows.text(1)), std::string(rows.text(2))});
    return out;
}

// There is no index: receipts come late to a few messages of a month only.
void read_corrections(SQLite::Database& month, message_story& m) {
    if (!month.tableExists("correction"))
        return;
    statement rows(month,
                   "SELECT at, n, part_was FROM correction WHERE message=? ORDER BY receipt");
    rows.bind(m.id);
    while (rows.row())
        m.corrections.push_back({rows.time(0), static_cast<std::uint8_t>(rows.number(1)),
                                 static_cast<part_state>(rows.number(2))});
}

// Files of the months in which a message with this id may have ended, the earliest first. A day of
// grace: ids run ahead of the clock when many are made at once.
std::vector<std::filesystem::path> months_since(const std::filesystem::path& folder,
                                                posthorn::id i) {
    const auto first = archive::month_named(made_at(i) - std::chrono::days(1));
    std::vector<std::filesystem::path> out;
    for (const auto& [name, file] : archive::months(folder))
        if (name >= first)
            out.insert(out.begin(), file);
    return out;
}

// One database with the tables event, message, part and attempt: live.db, or a month.
class shelf {
public:
    using naming = std::function<std::string(name_id)>;
    using asking = std::function<bool(posthorn::id event)>; // of live.db
    shelf(SQLite::Database& db, naming name_of, asking was_for_many, bool sealed = false)
        : db_(db), name_of_(std::move(name_of)), was_for_many_(std::move(was_for_many)),
          sealed_(sealed), wording_(has_wording(db) ? ", m.wording" : ", 0") {}

    // The event with this id, or of the message with this id.
    template <class ReadEvent>
    std::optional<event_story> story_of(posthorn::id i, const ReadEvent& read_event) {
        const auto event = event_behind(i);
        statement row(db_,
                      "SELECT " + std::string(event_columns) + " FROM event AS e WHERE e.id=?");
        row.bind(event);
        if (!row.row())
            return std::nullopt;
        event_story story{.event = read_event(row)};
        story.decisions = decisions_about(db_, event);
        if (!row.null(event_parked_column))
            story.parked = std::string(row.text(event_parked_column));
        else if (story.event.to_kind == name_of(to_kind::topic))
            add_publication_of(story);
        else if (was_for_many_(event))
            add(story, i, only_this_one);
        else
            add_messages(story, i);
        return story;
    }

    std::optional<message_story> message_of(posthorn::id i) {
        event_story story;
        statement row(db_, "SELECT event FROM message WHERE id=?");
        if (!row.bind(i).row())
            return std::nullopt;
        story.event.id = row.number(0);
        row.reset();
        if (!add(story, i, only_this_one))
            return std::nullopt;
        return std::move(story.messages.front());
    }

    template <class ReadEvent>
    std::optional<whole_message> whole(posthorn::id i, const ReadEvent& read_event) {
        statement row(db_, "SELECT " + std::string(message_columns) + ", m.state" + wording_ +
                               " FROM message AS m WHERE m.id=?");
        if (!row.bind(i).row())
            return std::nullopt;
        int part_count = 0;
        whole_message out{.message = read_message(row, 0, part_count),
                          .state = static_cast<message_state>(row.number(message_column_count))};
        out.message.wording = row.number(message_column_count + 1);
        if (part_count > 1)
            parts_reader(db_).read(out.message);
        if (out.message.coding == coding::email)
            out.message.phone = phone_of(i);
        statement event(db_, "SELECT " + std::string(event_columns) +
                                 ", e.version FROM event AS e WHERE e.id=?");
        if (!event.bind(out.message.event).row())
            return std::nullopt;
        out.event = read_event(event);
        out.event_version = event.number(event_parked_column + 1);
        return out;
    }

private:
    // Whose letter it is. Months of earlier releases do not say.
    std::string phone_of(posthorn::id message) {
        if (!db_.tableExists("letter"))
            return {};
        statement letter(db_, "SELECT phone FROM letter WHERE message=?");
        return letter.bind(message).row() ? std::string(letter.text(0)) : std::string();
    }

    posthorn::id event_behind(posthorn::id i) {
        statement row(db_, "SELECT event FROM message WHERE id=?");
        row.bind(i);
        return row.row() ? row.number(0) : i;
    }

    void add_publication_of(event_story& story) {
        statement row(db_,
                      "SELECT made, done_at, reason FROM publication WHERE event=? AND event>0");
        story.published.emplace();
        if (row.bind(story.event.id).row())
            story.published = {row.number(0), row.number(1) != 0, std::string(row.text(2))};
    }

    // There is no index from events to messages but in a sealed month. The message is the one asked
    // for, or was made in the same breath as its event (the next id), or later, after the event had
    // been parked.
    void add_messages(event_story& story, posthorn::id asked) {
        const auto event = story.event.id;
        if (add(story, asked, only_this_one) || add(story, event + 1, only_this_one))
            return;
        if (sealed_) {
            for (const auto m : messages_apart(db_, event))
                if (add(story, m, only_this_one))
                    return;
            return;
        }
        if (db_.tableExists("resent")) { // live.db: those are looked for by their ids
            statement resent(db_, "SELECT 1 FROM resent WHERE event=?");
            if (resent.bind(event).row())
                return;
        }
        try {
            add(story, event, " m.id > ?1 AND m.event = ?2 ORDER BY m.id LIMIT 1");
        } catch (const SQLite::Exception& e) {
            if (!was_interrupted(e))
                throw;
            story.complete = false;
        }
    }

    bool add(event_story& story, posthorn::id i, std::string_view where) {
        statement row(db_, "SELECT " + std::string(story_columns) + wording_ +
                               " FROM message AS m WHERE" + std::string(where));
        row.bind(i, story.event.id);
        if (!row.row())
            return false;
        auto m = read_message_story(row);
        if (m.coding == coding::email)
            m.phone = phone_of(m.id);
        if (m.parts.empty())
            read_parts(db_, m);
        read_attempts(db_, m);
        m.decisions = decisions_about(db_, m.id);
        read_corrections(db_, m);
        for (auto& p : m.parts)
            if (is_final(p.state))
                p.final_at = m.final_at;
        story.messages.push_back(std::move(m));
        return true;
    }

    message_story read_message_story(statement& row) const {
        message_story m{.id = row.number(0),
                        .state = static_cast<message_state>(row.number(1)),
                        .reason = std::string(row.text(10)),
                        .recipient = std::string(row.text(5)),
                        .language = std::string(row.text(6)),
                        .account = name_of_(static_cast<name_id>(row.number(3))),
                        .pool = name_of_(static_cast<name_id>(row.number(18))),
                        .priority = static_cast<priority>(row.number(19)),
                        .coding = static_cast<coding>(row.number(4)),
                        .wording = row.number(20),
                        .due_at = row.time(7),
                        .expires_at = row.time(8),
                        .final_at = row.time(9)};
        if (row.number(2) == 1)
            m.parts.push_back(read_part(row, 11, 1));
        return m;
    }

    SQLite::Database& db_;
    naming name_of_;
    asking was_for_many_;
    bool sealed_;
    std::string wording_; // column
};

constexpr std::size_t most_events_of_key = 20;

// A key, and its source by number; 0 for any.
struct key_name {
    std::string_view key;
    name_id source = 0;
};

void add_newer(SQLite::Database& db, const key_name& of, posthorn::id sealed_through,
               std::set<posthorn::id>& found) {
    statement rows(db, "SELECT id FROM event WHERE id > ?1 AND key = ?2 "
                       "AND (?3 = 0 OR source = ?3) LIMIT 20");
    rows.bind(sealed_through, of.key, of.source);
    while (rows.row())
        found.insert(rows.number(0));
}

// Also those whose keys are remembered no more.
void add_old(SQLite::Database& sealed_month, const key_name& of, std::set<posthorn::id>& found) {
    statement row(sealed_month,
                  "SELECT 1 FROM event WHERE id = ?1 AND key = ?2 AND (?3 = 0 OR source = ?3)");
    for (const auto event : events_with_key(sealed_month, of.key)) {
        if (found.size() < most_events_of_key && row.bind(event, of.key, of.source).row())
            found.insert(event);
        row.reset();
    }
}

void add_sealed(SQLite::Database& live, const key_name& of, std::set<posthorn::id>& found) {
    statement rows(live, "SELECT k.event FROM key_slice AS s CROSS JOIN name AS n "
                         "CROSS JOIN key AS k ON k.slice = s.slice AND k.source = n.id "
                         "AND k.key = ?1 WHERE n.kind = 'source' AND (?2 = 0 OR n.id = ?2) "
                         "ORDER BY s.slice DESC LIMIT 20");
    rows.bind(of.key, of.source);
    while (rows.row())
        found.insert(rows.number(0));
}

posthorn::id sealed_through(SQLite::Database& live) {
    statement row(live, "SELECT ifnull(max(last_event), 0) FROM key_slice WHERE sealed_at > 0");
    row.row();
    return row.number(0);
}

} // namespace

reader::connection::connection(const std::filesystem::path& file)
    : live(open_database(file, access::read_only, 8'192)) {
    interrupt_from(live, deadline);
}

// A few dozen rows; a reload may bring more.
void reader::connection::read_names() {
    statement rows(live, "SELECT id, name FROM name WHERE id > ? ORDER BY id LIMIT 100000");
    rows.bind(names.empty() ? 0 : names.rbegin()->first);
    while (rows.row())
        names.emplace(static_cast<name_id>(rows.number(0)), rows.text(1));
}

bool reader::connection::was_for_many(posthorn::id event) {
    statement row(live, "SELECT 1 FROM expansion WHERE event=?");
    return row.bind(event).row();
}

event reader::connection::read_event(statement& row) const {
    return {.id = row.number(0),
            .source = name_of(static_cast<name_id>(row.number(1))),
            .outbox_id = row.number(2),
            .key = std::string(row.text(3)),
            .type = std::string(row.text(5)),
            .run = std::string(row.text(6)),
            .subject = std::string(row.text(7)),
            .to_kind = std::string(row.text(8)),
            .to_ref = std::string(row.text(9)),
            .data = std::string(row.text(10)),
            .occurred_at = row.time(11),
            .not_before = row.time(12),
            .expires_at = row.time(13),
            .created_at = row.time(14),
            .received_at = row.time(15),
            .content_hash = static_cast<std::uint64_t>(row.number(4))};
}

// What `find` finds in live.db, else in the first month that has it.
template <class Find>
auto reader::first_shelf_with(connection& c, posthorn::id i, const Find& find) {
    const auto name_of = [&c](name_id number) { return c.name_of(number); };
    const auto was_for_many = [&c](posthorn::id event) { return c.was_for_many(event); };
    shelf live(c.live, name_of, was_for_many);
    auto found = find(live);
    if (found)
        return found;
    for (const auto& file : months_since(history_, i)) {
        month_file month(file, 2'048);
        interrupt_from(month.db, c.deadline);
        if (!month.begun)
            continue;
        shelf shelf_of_month(month.db, name_of, was_for_many, month.sealed);
        found = find(shelf_of_month);
        if (found)
            break;
    }
    return found;
}

std::optional<event_story> reader::story_of(posthorn::id i) {
    return ask([&](connection& c) {
        const auto read_event = [&](statement& row) { return c.read_event(row); };
        auto story = first_shelf_with(c, i, [&](shelf& s) { return s.story_of(i, read_event); });
        if (!story)
            return story;
        if (!add_expanded(c, *story, i))
            add_resent(c, *story);
        add_wordings(c, *story);
        return story;
    });
}

void reader::add_wordings(connection& c, event_story& story) {
    statement since(c.live, "SELECT since FROM wording WHERE type=? AND version=?");
    for (auto& m : story.messages) {
        if (m.wording > 0 && since.bind(story.event.type, m.wording).row())
            m.wording_since = since.time(0);
        since.reset();
    }
}

// All messages of an event that a person had sent again, wherever they lie.
void reader::add_resent(connection& c, event_story& story) {
    std::set<posthorn::id> ids;
    statement rows(c.live, "SELECT message, earlier FROM resent WHERE event=?");
    rows.bind(story.event.id);
    while (rows.row())
        ids.insert({rows.number(0), rows.number(1)});
    if (ids.empty())
        return;
    story.messages.clear();
    story.complete = true;
    for (const auto message : ids)
        if (auto m = first_shelf_with(c, message, [&](shelf& s) { return s.message_of(message); }))
            story.messages.push_back(std::move(*m));
}

// False: it was not for many.
bool reader::add_expanded(connection& c, event_story& story, posthorn::id asked) {
    constexpr std::size_t most_shown = 20;
    const auto event = story.event.id;
    statement row(c.live, "SELECT made, done_at, reason FROM expansion WHERE event=?");
    if (!row.bind(event).row())
        return false;
    auto& out = story.expanded.emplace();
    out.made = row.number(0);
    out.done = row.number(1) != 0;
    out.reason = row.text(2);
    statement counts(c.live, "SELECT m.state, count(*) FROM recipient AS r CROSS JOIN message AS m "
                             "ON m.id=r.message WHERE r.event=?1 GROUP BY m.state UNION ALL "
                             "SELECT state, n FROM expansion_tally WHERE event=?1");
    counts.bind(event);
    while (counts.row())
        out.states[static_cast<message_state>(counts.number(0))] += counts.number(1);
    if (asked != event)
        return true;
    statement first(c.live, "SELECT message FROM recipient WHERE event=? ORDER BY message LIMIT ?");
    first.bind(event, most_shown);
    shelf live(
        c.live, [&c](name_id number) { return c.name_of(number); },
        [&c](posthorn::id one) { return c.was_for_many(one); });
    while (first.row())
        if (auto m = live.message_of(first.number(0)))
            story.messages.push_back(std::move(*m));
    return true;
}

std::optional<whole_message> reader::whole(posthorn::id message) {
    return ask([&](connection& c) {
        const auto read_event = [&](statement& row) { return c.read_event(row); };
        return first_shelf_with(c, message, [&](shelf& s) { return s.whole(message, read_event); });
    });
}

// The keys of events above the last sealed slice are found by reading those events, wherever they
// lie by now.
std::vector<event_story> reader::stories_of_key(std::string_view key, std::string_view source) {
    const auto events = ask([&](connection& c) {
        std::set<posthorn::id> found;
        key_name of{key};
        if (!source.empty()) {
            statement row(c.live, "SELECT id FROM name WHERE kind = 'source' AND name = ?");
            if (!row.bind(source).row())
                return found;
            of.source = static_cast<name_id>(row.number(0));
        }
        add_sealed(c.live, of, found);
        const auto sealed = sealed_through(c.live);
        add_newer(c.live, of, sealed, found);
        const auto since = archive::month_named(made_at(sealed) - std::chrono::days(1));
        for (const auto& [name, file] : archive::months(history_)) {
            month_file month(file, 2'048);
            interrupt_from(month.db, c.deadline);
            if (month.sealed)
                add_old(month.db, of, found);
            else if (month.begun && name >= since)
                add_newer(month.db, of, sealed, found);
        }
        return found;
    });
    std::vector<event_story> out;
    for (const auto event : events)
        if (auto story = story_of(event))
            out.push_back(std::move(*story));
    return out;
}

bool reader::is_being_cancelled(posthorn::id event) {
    return ask([&](connection& c) {
        statement row(c.live, "SELECT 1 FROM cancellation WHERE event=?");
        return row.bind(event).row();
    });
}

std::optional<event> reader::event_row(posthorn::id i) {
    return ask([&](connection& c) -> std::optional<event> {
        statement row(c.live,
                      "SELECT " + std::string(event_columns) + " FROM event AS e WHERE e.id=?");
        row.bind(i);
        if (!row.row())
            return std::nullopt;
        return c.read_event(row);
    });
}

} // namespace posthorn::store
