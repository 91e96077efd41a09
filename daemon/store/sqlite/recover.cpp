// What start finds in live.db: parts whose fate is open, receipts without a part, flows with work.
#include "store/sqlite/writer.hpp"

#include "store/archive.hpp"
#include "store/flows_with_work.hpp"

#include <algorithm>
#include <ranges>

namespace posthorn::store {

namespace {

constexpr std::size_t answered_remembered = 100'000;

struct answered_part {
    name_id account = 0;
    std::string ref;
    posthorn::id message = 0;
    std::uint8_t n = 1;
};

// The newest parts of a file whose receipt has come, newest first.
void read_answered(SQLite::Database& db, std::vector<answered_part>& into) {
    const auto bit = [](part_state s) { return 1U << static_cast<unsigned>(s); };
    const std::string states = std::to_string(
        bit(part_state::delivered) | bit(part_state::undelivered) | bit(part_state::expired));
    statement rows(db,
                   "SELECT m.account, m.id, 1, m.ref FROM message AS m WHERE m.account > 0 "
                   "AND m.parts = 1 AND (1 << m.part_state) & " +
                       states +
                       " AND m.ref != '' UNION ALL "
                       "SELECT m.account, p.message, p.n, p.ref FROM message AS m CROSS JOIN part "
                       "AS p ON p.message = m.id WHERE m.account > 0 AND m.parts > 1 "
                       "AND (1 << p.part_state) & " +
                       states + " AND p.ref != '' ORDER BY 2 DESC LIMIT ?");
    rows.bind(answered_remembered - std::min(answered_remembered, into.size()));
    while (rows.row())
        into.push_back({static_cast<name_id>(rows.number(0)), std::string(rows.text(3)),
                        rows.number(1), static_cast<std::uint8_t>(rows.number(2))});
}

// `which`: what follows WHERE in the question.
std::vector<inbound_text> read_texts(SQLite::Database& db, const std::string& which) {
    statement rows(db, "SELECT id, account, sender, recipient, octets, text, data_coding, udh, "
                       "received_at FROM inbound WHERE " +
                           which + " ORDER BY id");
    std::vector<inbound_text> out;
    while (rows.row())
        out.push_back({.id = rows.number(0),
                       .account = static_cast<name_id>(rows.number(1)),
                       .sender = std::string(rows.text(2)),
                       .recipient = std::string(rows.text(3)),
                       .octets = std::string(rows.text(4)),
                       .text = std::string(rows.text(5)),
                       .data_coding = static_cast<std::uint8_t>(rows.number(6)),
                       .udh = rows.number(7) != 0,
                       .at = rows.time(8)});
    return out;
}

// What a carrier has accepted was sent after what was acknowledged before, where both went over one
// link.
struct accepted_last {
    instant opened_at{};   // when its unit was opened
    posthorn::id text = 0; // which it answers; 0: none
};

// Of each account, of the newest messages of a file.
void read_accepted(SQLite::Database& db, std::map<name_id, accepted_last>& into) {
    statement rows(
        db,
        "SELECT m.account, max(CASE WHEN m.parts = 1 THEN m.opened_at ELSE (SELECT "
        "max(p.opened_at) FROM part AS p WHERE p.message = m.id AND p.submitted_at > 0) "
        "END), max(CASE WHEN substr(e.key, 1, ?2) = ?3 AND e.source = (SELECT id FROM name WHERE "
        "kind = 'source' AND name = ?1) THEN CAST(substr(e.key, ?2 + 1) AS INTEGER) ELSE 0 "
        "END) "
        "FROM (SELECT * FROM message ORDER BY id DESC LIMIT 1000) AS m "
        "JOIN event AS e ON e.id = m.event "
        "WHERE m.account > 0 AND (m.submitted_at > 0 OR m.parts > 1 AND EXISTS (SELECT 1 "
        "FROM part AS p WHERE p.message = m.id AND p.submitted_at > 0)) GROUP BY 1");
    rows.bind(own_source, answer_key.size(), answer_key);
    while (rows.row()) {
        auto& last = into[static_cast<name_id>(rows.number(0))];
        last.opened_at = std::max(last.opened_at, rows.time(1));
        last.text = std::max(last.text, rows.number(2));
    }
}

std::vector<last_text> read_last_texts(SQLite::Database& db,
                                       const std::map<name_id, accepted_last>& accepted) {
    statement newest(db, "SELECT max(id) FROM inbound");
    newest.row();
    const auto since = made_at(newest.number(0)) - std::chrono::minutes(1);
    newest.reset();
    std::vector<last_text> out;
    for (auto& t : read_texts(db, "id >= " + std::to_string(first_id_at(since)))) {
        const auto found = accepted.find(t.account);
        const bool proven =
            found != accepted.end() && (t.id <= found->second.text ||
                                        t.at + std::chrono::seconds(1) < found->second.opened_at);
        out.push_back({std::move(t), proven});
    }
    return out;
}

std::vector<question> read_questions(SQLite::Database& db) {
    statement rows(db, "SELECT number, recipient, id, kind, data, tries, asked_at, expires_at "
                       "FROM question");
    std::vector<question> out;
    while (rows.row())
        out.push_back({.number = std::string(rows.text(0)),
                       .recipient = std::string(rows.text(1)),
                       .id = rows.number(2),
                       .kind = std::string(rows.text(3)),
                       .data = std::string(rows.text(4)),
                       .tries = static_cast<unsigned>(rows.number(5)),
                       .asked_at = rows.time(6),
                       .expires_at = rows.time(7)});
    return out;
}

} // namespace

recovered store::writer::recover(instant now) {
    // One look instead of one for each question; until start().
    db_.exec("CREATE TEMP TABLE opened AS "
             "SELECT id FROM main.message WHERE account > 0 AND final_at = 0");
    mark_sending_uncertain(now);
    prune_keys(now);
    recovered out;
    out.uncertain = uncertain_parts();

    statement receipts(
        db_, "SELECT id, account, ref, state, code, recipient, sender, excerpt, received_at "
             "FROM receipt ORDER BY id");
    while (receipts.row())
        out.receipts.push_back({receipts.number(0),
                                {.account = static_cast<name_id>(receipts.number(1)),
                                 .ref = std::string(receipts.text(2)),
                                 .what = static_cast<part_event>(receipts.number(3)),
                                 .code = std::string(receipts.text(4)),
                                 .recipient = std::string(receipts.text(5)),
                                 .sender = std::string(receipts.text(6)),
                                 .excerpt = std::string(receipts.text(7)),
                                 .at = receipts.time(8)}});
    statement late(db_, "SELECT account, ref, message, n FROM late");
    while (late.row())
        out.late.push_back({static_cast<name_id>(late.number(0)), std::string(late.text(1)),
                            late.number(2), static_cast<std::uint8_t>(late.number(3))});

    out.flows = flows_with_work(db_);

    const auto number = [this](std::string_view kind, std::string_view name) {
        statement s(db_, "SELECT id FROM name WHERE kind=? AND name=?");
        return s.bind(kind, name).row() ? static_cast<name_id>(s.number(0)) : 0;
    };
    statement pauses(db_, "SELECT kind, name, source, stopped, who, reason, at FROM pause");
    while (pauses.row()) {
        auto& p = out.pauses.emplace_back();
        p.what = {.scope = {static_cast<scope_kind>(pauses.number(0)), std::string(pauses.text(1)),
                            std::string(pauses.text(2))},
                  .stopped = pauses.number(3) != 0,
                  .who = std::string(pauses.text(4)),
                  .reason = std::string(pauses.text(5)),
                  .at = pauses.time(6)};
        p.numbers = {number(name_of(p.what.scope.kind), p.what.scope.name),
                     number("source", p.what.scope.source)};
    }

    out.waiting_texts = read_texts(db_, "outcome IS NULL");
    std::map<name_id, accepted_last> accepted;
    read_accepted(db_, accepted);
    if (const auto months = archive::months(options_.history); !months.empty()) {
        auto month = open_database(months.begin()->second, access::read_only, 2'000);
        if (month.tableExists("message"))
            read_accepted(month, accepted);
    }
    out.last_texts = read_last_texts(db_, accepted);
    out.questions = read_questions(db_);
    statement nuisances(db_, "SELECT number, since, until, who, reason FROM nuisance");
    while (nuisances.row())
        out.nuisances.push_back(read_nuisance(nuisances));

    statement tallies(db_, "SELECT what, n FROM tally");
    while (tallies.row())
        out.tallies[std::string(tallies.text(0))] = tallies.number(1);

    statement opted_out(db_, "SELECT count(*) FROM consent_now");
    opted_out.row();
    out.opted_out = opted_out.number(0);
    out.each_opted_out = [this](const auto& give) {
        statement rows(db_, "SELECT number, categories, how, entry FROM consent_now");
        while (rows.row())
            give(static_cast<std::uint64_t>(rows.number(0)),
                 category_set{static_cast<std::uint8_t>(rows.number(1))},
                 static_cast<consent_way>(rows.number(2)), rows.number(3));
    };
    out.each_with_times = [this](const auto& give) {
        statement rows(db_, "SELECT number, zone, hours FROM person WHERE zone<>'' OR hours<>''");
        while (rows.row())
            give(rows.text(0), rows.text(1), rows.text(2));
    };
    statement vulnerable(db_, "SELECT account FROM customer_account WHERE vulnerable<>''");
    while (vulnerable.row())
        out.vulnerable.emplace_back(vulnerable.text(0));
    out.each_counted = [this](const auto& give) {
        statement rows(db_, "SELECT number, category, text, at FROM counted ORDER BY at");
        while (rows.row())
            give({.number = static_cast<std::uint64_t>(rows.number(0)),
                  .what = static_cast<category>(rows.number(1)),
                  .text = static_cast<std::uint64_t>(rows.number(2)),
                  .at = rows.time(3)});
    };
    out.each_cover = [this](const auto& give) {
        statement rows(db_, "SELECT household, made_at, message FROM cover");
        while (rows.row())
            give({.household = static_cast<std::uint64_t>(rows.number(0)), .made = rows.time(1)},
                 rows.number(2));
    };
    out.each_answered = [this](const auto& give) {
        std::vector<answered_part> newest;
        read_answered(db_, newest);
        const auto months = archive::months(options_.history);
        for (const auto& [name, file] : months) { // newest first
            if (newest.size() >= answered_remembered)
                break;
            auto month = open_database(file, access::read_only, 2'000);
            if (month.tableExists("message"))
                read_answered(month, newest);
        }
        for (const auto& p : newest | std::views::reverse)
            give(p.account, p.ref, p.message, p.n);
    };
    out.each_submitted = [this](const auto& give) {
        const auto tell = [&](const std::string& part, const std::string& rest) {
            statement rows(db_, "SELECT m.account, " + part + ".ref, m.id, " +
                                    (part == "p" ? "p.n" : "1") + ", m.parts, m.type, " + part +
                                    ".submitted_at FROM opened CROSS JOIN message AS m "
                                    "ON m.id = opened.id " +
                                    rest + part + ".part_state = ? AND " + part + ".ref != ''");
            rows.bind(part_state::submitted);
            while (rows.row())
                give({.account = static_cast<name_id>(rows.number(0)),
                      .ref = rows.text(1),
                      .message = rows.number(2),
                      .n = static_cast<std::uint8_t>(rows.number(3)),
                      .of = static_cast<std::uint8_t>(rows.number(4)),
                      .type = static_cast<name_id>(rows.number(5)),
                      .at = rows.time(6)});
        };
        tell("m", "WHERE ");
        tell("p", "CROSS JOIN part AS p ON p.message = m.id WHERE m.parts > 1 AND ");
    };
    statement failed_over(db_, "SELECT account, ref, message, n FROM failover_part "
                               "WHERE event < 0 AND ref != ''");
    while (failed_over.row())
        out.failed_over.push_back({static_cast<name_id>(failed_over.number(0)),
                                   std::string(failed_over.text(1)), failed_over.number(2),
                                   static_cast<std::uint8_t>(failed_over.number(3))});
    return out;
}

// Bytes of these parts may have left before the last stop, and no answer to them was recorded.
void store::writer::mark_sending_uncertain(instant now) {
    std::vector<tell_part> open;
    const auto doubt = [&](posthorn::id message, std::uint8_t n, bool single,
                           std::int64_t attempts) {
        open.push_back({.message = message,
                        .n = n,
                        .single = single,
                        .attempts = static_cast<std::uint16_t>(attempts),
                        .what = part_event::doubt,
                        .code = "no answer before the daemon stopped",
                        .at = now});
    };
    statement singles(db_, "SELECT m.id, m.attempts FROM opened CROSS JOIN message AS m "
                           "ON m.id = opened.id WHERE m.part_state = ?");
    singles.bind(part_state::sending);
    while (singles.row())
        doubt(singles.number(0), 1, true, singles.number(1));
    statement parts(db_, "SELECT p.message, p.n, p.attempts FROM opened "
                         "CROSS JOIN message AS m ON m.id = opened.id "
                         "CROSS JOIN part AS p ON p.message = m.id "
                         "WHERE m.parts > 1 AND p.part_state = ?");
    parts.bind(part_state::sending);
    while (parts.row())
        doubt(parts.number(0), static_cast<std::uint8_t>(parts.number(1)), false, parts.number(2));
    if (open.empty())
        return;
    batch all;
    all.ops.assign(open.begin(), open.end());
    std::vector<batch> group;
    group.push_back(std::move(all));
    try_commit(group);
    syncer_.sync();
}

std::vector<open_part> store::writer::uncertain_parts() {
    std::vector<open_part> out;
    const std::string columns(message_columns);
    const auto read = [&](const std::string& rest) {
        statement rows(db_, "SELECT " + columns + rest);
        rows.bind(part_state::uncertain);
        while (rows.row()) {
            auto& found = out.emplace_back();
            int part_count = 0;
            found.message = read_message(rows, 0, part_count);
            found.n = static_cast<std::uint8_t>(rows.number(message_column_count));
            found.opened_at = rows.time(message_column_count + 1);
            if (part_count > 1)
                parts_.read(found.message);
        }
    };
    read(", 1, m.opened_at FROM opened CROSS JOIN message AS m ON m.id = opened.id "
         "WHERE m.part_state = ?");
    read(", p.n, p.opened_at FROM opened CROSS JOIN message AS m ON m.id = opened.id "
         "CROSS JOIN part AS p ON p.message = m.id WHERE m.parts > 1 AND p.part_state = ?");
    return out;
}

// Keys are remembered 400 days, whatever became of their events.
void store::writer::prune_keys(instant now) {
    const auto before = now - key_memory;
    SQLite::Transaction all(db_, SQLite::TransactionBehavior::IMMEDIATE);
    statement(db_,
              "DELETE FROM key WHERE slice IN (SELECT slice FROM key_slice WHERE sealed_at < ?)")
        .bind(before)
        .run();
    statement(db_, "DELETE FROM key_slice WHERE sealed_at < ?").bind(before).run();
    all.commit();
}

} // namespace posthorn::store
