#include "store/recount.hpp"

#include "model/time_text.hpp"
#include "store/archive.hpp"
#include "store/feedback.hpp"
#include "store/month_candidates.hpp"
#include "store/result_checker.hpp"
#include "store/results.hpp"

#include <algorithm>
#include <limits>
#include <set>
#include <stdexcept>
#include <unordered_map>
#include <unordered_set>

namespace posthorn::store {

namespace {

constexpr std::size_t most_named = 20;
constexpr int rows_between_looks = 5'000; // at whether it is to stop
constexpr auto no_end = std::numeric_limits<posthorn::id>::max();

std::int64_t marked(SQLite::Database& live, std::string_view what) {
    statement row(live, "SELECT value FROM mark WHERE what=?");
    return row.bind(what).row() ? row.number(0) : 0;
}

std::map<name_id, std::string> names_of(SQLite::Database& live, std::string_view kind) {
    std::map<name_id, std::string> out;
    statement rows(live, "SELECT id, name FROM name WHERE kind=?");
    rows.bind(kind);
    while (rows.row())
        out.emplace(static_cast<name_id>(rows.number(0)), rows.text(1));
    return out;
}

// Whole slots.
id_range ids_of(const books_span& span) {
    const auto first = span.from == instant{} ? 0 : first_id_at(start_of(slot_at(span.from)));
    const auto end = span.until == instant{} ? no_end : first_id_at(start_of(slot_at(span.until)));
    return {first, end};
}

std::string shown(booked what) {
    const auto number = static_cast<unsigned>(what);
    if (what == booked::parked)
        return "events parked";
    if (number >= static_cast<unsigned>(booked::part_states))
        return "parts " + std::string(name_of(static_cast<part_state>(
                              number - static_cast<unsigned>(booked::part_states))));
    return "messages " + std::string(name_of(static_cast<message_state>(
                             number - static_cast<unsigned>(booked::message_states))));
}

bool is_told_by_rows(booked what) {
    const auto number = static_cast<unsigned>(what);
    const auto parts = static_cast<unsigned>(booked::part_states);
    if (number >= parts)
        return rows_tell(static_cast<part_state>(number - parts));
    return what == booked::parked || (number >= static_cast<unsigned>(booked::message_states) &&
                                      number < static_cast<unsigned>(booked::handed));
}

class recounting {
public:
    recounting(const books_files& files, const recount_wish& wish, const std::stop_token& stop)
        : files_(files), wish_(wish), stop_(stop), range_(ids_of(wish.span)),
          expansions_(open_database(files.live, access::read_only, 2'048)),
          expansion_(expansions_, "SELECT 1 FROM expansion WHERE event=?") {}

    recounted all() {
        look_at_live();
        for (const auto& [name, file] : archive::months(files_.history))
            look_at_month(file);
        if (wish_.run.empty())
            compare();
        for (const auto& [line, n] : rows_)
            out_.rows[{std::get<1>(line), std::get<2>(line)}] += n;
        return std::move(out_);
    }

private:
    struct correction { // of a message in its month, that live.db has not heard of
        message_state was = message_state::unconfirmed;
        std::map<std::int64_t, part_state> parts;
    };

    void differs(posthorn::id event, posthorn::id message, std::string what) {
        ++out_.differing;
        if (out_.differences.size() < most_named)
            out_.differences.push_back({event, message, std::move(what)});
    }

    void look_at_live() {
        auto db = open_database(files_.live, access::read_only, 8'192);
        SQLite::Transaction one_moment(db);
        sources_ = names_of(db, "source");
        out_.accounts = names_of(db, "account");
        history_from_ = first_id_at(from_micros(marked(db, "history begins")));
        range_.first = std::max(
            {range_.first, marked(db, "books begin") + 1, wish_.run.empty() ? history_from_ : 0});
        read_what_is_on_its_way(db);
        if (wish_.run.empty())
            read_lines(db, "book", book_);
        look_at_parked(db);
        look_at_messages(db, false);
        look_for_events_alone(db);
        std::ranges::sort(live_);
    }

    // What the sources, or the books, are yet to hear of.
    void read_what_is_on_its_way(SQLite::Database& db) {
        statement last(db, "SELECT max(ifnull((SELECT max(id) FROM message), 0), "
                           "ifnull((SELECT max(id) FROM event), 0), "
                           "ifnull((SELECT max(id) FROM late_receipt), 0), "
                           "ifnull((SELECT value FROM mark WHERE what='last id'), 0))");
        last.row();
        last_ = last.number(0);
        statement late(db, "SELECT id, message FROM late_receipt");
        while (late.row()) {
            uncounted_.insert(late.number(0));
            untold_.insert(late.number(1));
        }
        statement feedback(db, "SELECT entries FROM feedback");
        while (feedback.row())
            for (const auto& c : unpack_changes(feedback.text(0)))
                untold_.insert(c.id);
        statement resent(db, "SELECT event, max(message) FROM resent GROUP BY event");
        while (resent.row())
            newest_of_.emplace(resent.number(0), resent.number(1));
    }

    void read_lines(SQLite::Database& db, const std::string& table, all_books& to) {
        statement rows(db, "SELECT slot, account, what, n FROM " + table +
                               " WHERE slot>=? AND slot<=?");
        rows.bind(slot_of(range_.first), range_.end == no_end ? no_end : slot_of(range_.end - 1));
        while (rows.row())
            to[{rows.number(0), static_cast<name_id>(rows.number(1)),
                static_cast<booked>(rows.number(2))}] += rows.number(3);
    }

    void look_at_parked(SQLite::Database& db) {
        statement rows(db, "SELECT id FROM event WHERE parked IS NOT NULL AND id>=? AND id<? "
                           "AND (?3='' OR run=?3)");
        rows.bind(range_.first, range_.end, wish_.run);
        while (rows.row())
            ++rows_[{slot_of(rows.number(0)), 0, booked::parked}];
    }

    void look_at_month(const std::filesystem::path& file) {
        month_file month(file, 8'192);
        if (!month.begun)
            return;
        SQLite::Transaction one_moment(month.db);
        if (wish_.run.empty() && month.db.tableExists("gone"))
            read_lines(month.db, "gone", rows_);
        read_corrections(month.db);
        look_at_messages(month.db, true);
        const bool all_there = !month.db.tableExists("ended") ||
                               !statement(month.db, "SELECT 1 FROM ended LIMIT 1").row();
        if (all_there)
            look_for_events_alone(month.db);
    }

    void read_corrections(SQLite::Database& month) {
        corrections_.clear();
        if (!month.tableExists("correction"))
            return;
        statement rows(month, "SELECT receipt, message, n, part_was, was FROM correction "
                              "ORDER BY receipt DESC"); // what the first of them found
        while (rows.row()) {
            if (rows.number(0) <= last_ && !uncounted_.contains(rows.number(0)))
                continue;
            auto& c = corrections_[rows.number(1)];
            c.parts[rows.number(2)] = static_cast<part_state>(rows.number(3));
            c.was = static_cast<message_state>(rows.number(4));
        }
    }

    void look_at_messages(SQLite::Database& db, bool in_month) {
        row_books books(db);
        statement rows(db, "SELECT " + std::string(booked_columns) +
                               ", m.event, m.version, m.final_at, e.source, e.outbox_id, "
                               "e.version, e.to_kind FROM main.message AS m "
                               "LEFT JOIN main.event AS e ON e.id=m.event "
                               "WHERE m.id>=?1 AND (?2='' OR e.run=?2) ORDER BY m.id");
        with_message_.clear();
        rows.bind(range_.first, wish_.run);
        for (int n = 1; rows.row(); ++n) {
            if (n % rows_between_looks == 0 && stop_.stop_requested())
                throw std::runtime_error("posthornd is stopping");
            with_message_.push_back(rows.number(5));
            if (!in_month || !is_elsewhere(rows.number(0)))
                look_at(rows, books, in_month);
        }
    }

    // It was in live.db at that moment, or came later.
    bool is_elsewhere(posthorn::id message) const {
        return message > last_ || std::ranges::binary_search(live_, message);
    }

    void look_at(statement& row, row_books& books, bool in_month) {
        const auto m = read_booked(row);
        const auto event = row.number(5);
        if (!in_month)
            live_.push_back(m.message);
        if (m.message >= range_.end)
            return;
        ++out_.messages;
        const auto& parts = books.add(m, rows_);
        if (const auto late = corrections_.find(m.message); in_month && late != corrections_.end())
            undo(late->second, m, parts);
        if (parts.empty())
            return differs(event, m.message, "it has no parts");
        if (const auto is = fold(parts); is != m.state)
            differs(event, m.message,
                    "it says it is " + std::string(name_of(m.state)) + ", and its parts come to " +
                        std::string(name_of(is)));
        if (row.null(8))
            return differs(event, m.message,
                           "its event " + std::to_string(event) + " is not there");
        look_at_result(row, m, event);
    }

    void undo(const correction& c, const booked_row& m, const std::vector<part_state>& parts) {
        const auto slot = slot_of(m.message);
        --rows_[{slot, 0, in(m.state)}];
        ++rows_[{slot, 0, in(c.was)}];
        for (const auto& [n, was] : c.parts) {
            --rows_[{slot, m.account, in(parts.at(static_cast<std::size_t>(n) - 1))}];
            ++rows_[{slot, m.account, in(was)}];
        }
    }

    void look_at_result(statement& row, const booked_row& m, posthorn::id event) {
        if (untold_.contains(m.message))
            return;
        if (const auto newest = newest_of_.find(event);
            newest != newest_of_.end() && newest->second != m.message)
            return; // the result is that of the last
        const bool for_one = names_one(row.text(11));
        if (!for_one && event < history_from_)
            return; // whether it was for many is forgotten
        const auto wrong = results_.look_at(
            {.source = static_cast<name_id>(row.number(8)),
             .outbox_id = row.number(9),
             .message = m.message,
             .of_many = !for_one && was_for_many(event),
             .state = m.state,
             .version = combined_version(row.number(10), row.number(6)),
             .must_be_there = is_final(m.state) && row.time(7) >= wish_.results_since},
            out_.results);
        if (!wrong.empty())
            differs(event, m.message, wrong);
    }

    // Events for one that never became a message, or lost it.
    void look_for_events_alone(SQLite::Database& db) {
        statement rows(db, "SELECT id FROM event WHERE id>=?1 AND id<?2 AND parked IS NULL "
                           "AND to_kind<>?3 AND (?4='' OR run=?4)");
        rows.bind(range_.first, std::min(range_.end, last_ + 1), name_of(to_kind::topic),
                  wish_.run);
        std::ranges::sort(with_message_);
        while (rows.row())
            if (!std::ranges::binary_search(with_message_, rows.number(0)) &&
                !was_for_many(rows.number(0)))
                differs(rows.number(0), 0, "it has no message, and is not parked");
    }

    bool was_for_many(posthorn::id event) {
        const bool was = expansion_.bind(event).row();
        expansion_.reset();
        return was;
    }

    void compare() {
        std::set<std::tuple<book_slot, name_id, booked>> lines;
        for (const auto* side : {&book_, &rows_})
            for (const auto& [line, n] : *side)
                if (is_told_by_rows(std::get<2>(line)))
                    lines.insert(line);
        for (const auto& line : lines) {
            const auto counted = at(book_, line), there = at(rows_, line);
            if (counted != there)
                tell_line(line, counted, there);
        }
    }

    void tell_line(const std::tuple<book_slot, name_id, booked>& line, std::int64_t counted,
                   std::int64_t there) {
        const auto& [slot, account, what] = line;
        const auto through = out_.accounts.find(account);
        differs(0, 0,
                shown(what) +
                    (through == out_.accounts.end() ? "" : " of account " + through->second) +
                    ", made in the quarter of an hour from " + rfc3339(start_of(slot)) +
                    ": the books say " + std::to_string(counted) + ", there are " +
                    std::to_string(there));
    }

    static std::int64_t at(const all_books& in,
                           const std::tuple<book_slot, name_id, booked>& line) {
        const auto found = in.find(line);
        return found == in.end() ? 0 : found->second;
    }

    const books_files& files_;
    const recount_wish& wish_;
    const std::stop_token& stop_;
    id_range range_;
    SQLite::Database expansions_; // live.db
    statement expansion_;
    posthorn::id history_from_ = 0; // what is older may be gone
    posthorn::id last_ = 0;         // that live.db knew of
    std::map<name_id, std::string> sources_;
    result_checker results_{files_.results, sources_};
    std::unordered_set<posthorn::id> uncounted_, untold_;
    std::unordered_map<posthorn::id, posthorn::id> newest_of_; // of events that were sent again
    std::unordered_map<posthorn::id, correction> corrections_; // of the month in hand
    std::vector<posthorn::id> live_;
    std::vector<posthorn::id> with_message_; // events of the file in hand
    all_books book_, rows_;
    recounted out_;
};

} // namespace

books_sums read_books(const std::filesystem::path& live, const books_span& span) {
    auto db = open_database(live, access::read_only, 2'000);
    SQLite::Transaction one_moment(db);
    const auto range = ids_of(span);
    books_sums out{.page = {}, .accounts = names_of(db, "account")};
    if (const auto begin = marked(db, "books begin"); begin > 0)
        out.begin = made_at(begin);
    statement rows(db, "SELECT account, what, sum(n) FROM book WHERE slot>=? AND slot<=? "
                       "GROUP BY account, what");
    rows.bind(slot_of(range.first), range.end == no_end ? no_end : slot_of(range.end - 1));
    while (rows.row())
        out.page[{static_cast<name_id>(rows.number(0)), static_cast<booked>(rows.number(1))}] =
            rows.number(2);
    return out;
}

recounted recount(const books_files& files, const recount_wish& wish, const std::stop_token& stop) {
    return recounting(files, wish, stop).all();
}

} // namespace posthorn::store
