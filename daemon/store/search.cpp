#include "store/search.hpp"

#include "store/archive.hpp"
#include "store/month_candidates.hpp"

#include <algorithm>
#include <charconv>
#include <functional>

namespace posthorn::store {

namespace {

using clock = std::chrono::steady_clock;

constexpr auto longest = std::chrono::seconds(2);
constexpr auto longest_step = std::chrono::seconds(2); // beyond that, to the next look at the clock
constexpr int window = 5'000;                          // rows of a step
constexpr std::size_t numbered_at_once = 1'000;
constexpr int search_cache_kib = 4'096;
constexpr std::string_view parked_place = "parked", live_place = "live";

// "2026-11:4812": the place, and the id below which it goes on.
struct position {
    std::string place{parked_place};
    posthorn::id before = std::numeric_limits<posthorn::id>::max();

    std::string text() const { return place + ":" + std::to_string(before); }
};

std::optional<position> read_position(std::string_view text) {
    position out;
    const auto colon = text.find(':');
    if (colon == std::string_view::npos)
        return std::nullopt;
    out.place = text.substr(0, colon);
    const auto* end = text.data() + text.size();
    const auto read = std::from_chars(text.data() + colon + 1, end, out.before);
    if (read.ec != std::errc() || read.ptr != end)
        return std::nullopt;
    return out;
}

constexpr std::string_view shown_columns =
    "SELECT e.id, e.source, e.key, e.type, e.run, e.to_kind, e.to_ref, e.received_at, ";
constexpr std::string_view message_columns_and_filters =
    "m.id, m.state, m.reason, m.recipient, m.final_at "
    "FROM message AS m CROSS JOIN event AS e ON e.id = m.event WHERE m.id < ?1 AND m.id >= ?2 "
    "AND (?3 = 0 OR m.source = ?3) AND (?4 = 0 OR m.type = ?4) AND (?5 = '' OR e.run = ?5) "
    "AND (?6 = '' OR m.recipient IN (?6, ?9)) AND (?7 < 0 OR m.state = ?7) "
    "ORDER BY m.id DESC LIMIT ?8";

search_row read_row(statement& row, const std::map<name_id, std::string>& names) {
    search_row out;
    const auto source = names.find(static_cast<name_id>(row.number(1)));
    out.event = {.id = row.number(0),
                 .source = source == names.end() ? std::string() : source->second,
                 .key = std::string(row.text(2)),
                 .type = std::string(row.text(3)),
                 .run = std::string(row.text(4)),
                 .to_kind = std::string(row.text(5)),
                 .to_ref = std::string(row.text(6)),
                 .received_at = row.time(7)};
    return out;
}

} // namespace

// One search, while it lasts.
struct search::looking {
    looking(const search& of, const search_query& what, std::size_t most)
        : files(of), query(what), limit(most),
          live(open_database(of.live_, access::read_only, search_cache_kib)) {
        interrupt_from(live, end);
        statement rows(live, "SELECT id, name, kind FROM name");
        while (rows.row()) {
            const auto number = static_cast<name_id>(rows.number(0));
            names.emplace(number, rows.text(1));
            if (rows.text(2) == "source" && rows.text(1) == query.source)
                source = number;
            if (rows.text(2) == "type" && rows.text(1) == query.type)
                type = number;
        }
    }

    bool full() const { return page.rows.size() >= limit; }
    bool late() const { return clock::now() > deadline; }
    posthorn::id from() const { return query.since == instant{} ? 0 : first_id_at(query.since); }
    posthorn::id until() const {
        return query.until == instant{} ? std::numeric_limits<posthorn::id>::max()
                                        : first_id_at(query.until);
    }
    int state() const { return query.state ? static_cast<int>(*query.state) : -1; }
    // No message can be what is looked for.
    bool nothing_sent() const {
        return (!query.source.empty() && source == 0) || (!query.type.empty() && type == 0);
    }

    // This and the others: false when it ended early, at `at`.
    bool look_at_parked(position& at) {
        statement edge(live, "SELECT id FROM event WHERE parked IS NOT NULL AND id < ?1 "
                             "AND id >= ?2 ORDER BY id DESC LIMIT 1 OFFSET ?3");
        statement rows(live, std::string(shown_columns) +
                                 "e.parked FROM event AS e WHERE e.parked IS NOT NULL "
                                 "AND e.id < ?1 AND e.id >= ?2 AND (?3 = 0 OR e.source = ?3) "
                                 "AND (?4 = '' OR e.type = ?4) AND (?5 = '' OR e.run = ?5) "
                                 "ORDER BY e.id DESC LIMIT ?6");
        return in_windows(edge, at, [&](id_range part) {
            rows.bind(part.end, part.first, source, query.type, query.run,
                      limit - page.rows.size());
            while (rows.row()) {
                auto& found = page.rows.emplace_back(read_row(rows, names));
                found.state = "parked";
                found.reason = rows.text(8);
                at.before = found.event.id;
            }
            return !full();
        });
    }

    bool look_at_all_messages(SQLite::Database& db, position& at) {
        statement edge(db, "SELECT id FROM message WHERE id < ?1 AND id >= ?2 "
                           "ORDER BY id DESC LIMIT 1 OFFSET ?3");
        statement rows = message_rows(db);
        return in_windows(edge, at,
                          [&](id_range part) { return look_at_window(db, rows, part, at); });
    }

    // Some thousand rows at a time, as `edge` counts them.
    template <class Look>
    bool in_windows(statement& edge, position& at, const Look& look) {
        at.before = std::min(at.before, until());
        for (bool more = true; more;) {
            edge.bind(at.before, from(), window);
            more = edge.row();
            const auto lowest = more ? edge.number(0) : from();
            edge.reset();
            if (!look(id_range{lowest, at.before}))
                return false;
            at.before = lowest;
            if (more && late())
                return false;
        }
        return true;
    }

    static statement message_rows(SQLite::Database& db) {
        return {db, std::string(shown_columns) + std::string(message_columns_and_filters)};
    }

    bool look_at_window(SQLite::Database& db, statement& rows, id_range part, position& at) {
        const bool in_month = db.getHandle() != live.getHandle();
        at.before = part.end;
        std::size_t asked = 0, seen = 0;
        do { // again, when some of a month's were told of in live.db
            asked = limit - page.rows.size();
            rows.bind(at.before, part.first, source, type, query.run, query.number, state(), asked,
                      query.address.empty() ? query.number : query.address);
            for (seen = 0; rows.row(); ++seen) {
                at.before = rows.number(8);
                if (!in_month || !is_live(at.before))
                    add_message(rows);
            }
        } while (seen == asked && !full() && !late());
        return !full() && seen < asked;
    }

    bool is_live(posthorn::id message) {
        const bool found = also_live.bind(message).row();
        also_live.reset();
        return found;
    }

    void add_message(statement& row) {
        auto& found = page.rows.emplace_back(read_row(row, names));
        found.message = row.number(8);
        found.state = name_of(static_cast<message_state>(row.number(9)));
        found.reason = row.text(10);
        found.recipient = row.text(11);
        found.final_at = row.time(12);
    }

    bool look_at_month(const std::filesystem::path& file, position& at) {
        month_file month(file, search_cache_kib);
        interrupt_from(month.db, end);
        if (!month.begun)
            return true;
        if (!query.number.empty() && (month.sealed || month.listed))
            return look_at_numbered(month, at);
        return month.sealed ? look_at_likely_blocks(month, at) : look_at_all_messages(month.db, at);
    }

    // The newest of both, no more than were asked for of each.
    static void add_newest(std::vector<posthorn::id>& ids, std::vector<posthorn::id> more) {
        ids.insert(ids.end(), more.begin(), more.end());
        std::ranges::sort(ids, std::greater());
        ids.erase(std::unique(ids.begin(), ids.end()), ids.end());
        ids.resize(std::min(ids.size(), numbered_at_once));
    }

    bool look_at_numbered(month_file& month, position& at) {
        numbered_messages numbered(month, query.number);
        std::optional<numbered_messages> letters;
        if (!query.address.empty())
            letters.emplace(month, query.address);
        statement rows = message_rows(month.db);
        at.before = std::min(at.before, until());
        for (;;) {
            auto ids = numbered.newest({from(), at.before}, numbered_at_once);
            if (letters)
                add_newest(ids, letters->newest({from(), at.before}, numbered_at_once));
            for (const auto id : ids) {
                if (!look_at_window(month.db, rows, {id, id + 1}, at))
                    return false;
                at.before = id;
            }
            if (ids.size() < numbered_at_once)
                return true;
            if (late())
                return false;
        }
    }

    bool look_at_likely_blocks(month_file& month, position& at) {
        likely_blocks blocks(month, {.source = source,
                                     .type = type,
                                     .state = query.state ? std::optional(state()) : std::nullopt,
                                     .run = query.run});
        statement rows = message_rows(month.db);
        at.before = std::min(at.before, until());
        while (const auto block = blocks.newest({from(), at.before})) {
            if (!look_at_window(month.db, rows, *block, at))
                return false;
            at.before = block->first;
            if (late())
                return false;
        }
        return true;
    }

    // Everything from `at` on; where it ended when that is not the end.
    std::optional<position> look(position at) {
        const auto begin_at = [&](std::string place) {
            at = {std::move(place), std::numeric_limits<posthorn::id>::max()};
        };
        if (at.place == parked_place) {
            if (!query.state && query.number.empty() && !look_at_parked(at))
                return at;
            begin_at(std::string(live_place));
        }
        if (query.parked || nothing_sent())
            return std::nullopt;
        if (at.place == live_place && !look_at_all_messages(live, at))
            return at;
        for (const auto& [name, file] : archive::months(files.history_)) {
            if (at.place != live_place && name > at.place)
                continue;
            if (name != at.place)
                begin_at(name);
            if (!look_at_month(file, at))
                return at;
            if (late())
                return position{name, 0};
        }
        return std::nullopt;
    }

    const search& files;
    const search_query& query;
    std::size_t limit;
    clock::time_point deadline = clock::now() + longest;
    clock::time_point end = deadline + longest_step;
    SQLite::Database live;
    statement also_live{live, "SELECT 1 FROM message WHERE id=?"};
    std::map<name_id, std::string> names;
    name_id source = 0, type = 0;
    search_page page;
};

search::search(std::filesystem::path live, std::filesystem::path history)
    : live_(std::move(live)), history_(std::move(history)) {}
search::~search() = default;

search_page search::find(const search_query& query, std::string_view after, std::size_t limit) {
    const auto from = after.empty() ? position{} : read_position(after);
    if (!from)
        throw read_failed("'" + std::string(after) + "' is not where a page ended");
    try {
        looking all(*this, query, limit);
        if (!query.source.empty() && all.source == 0)
            return {}; // it never sent anything
        if (const auto ended = all.look(*from)) {
            all.page.after = ended->text();
            all.page.in_time = all.full();
        }
        return std::move(all.page);
    } catch (const SQLite::Exception& e) {
        if (was_interrupted(e))
            throw read_failed("looking took too long: the disk is slow, or busy; name a shorter "
                              "time (--since, --until)");
        throw read_failed(live_.string() + ": " + e.what());
    }
}

} // namespace posthorn::store
