#include "store/number_finder.hpp"

#include "model/state.hpp"
#include "store/row_windows.hpp"

#include <array>
#include <map>

namespace posthorn::store {

namespace {

// `find`: ids of rows in (?1, ?2]; ?3 is the number. In message: the type too.
struct place {
    erase_rows::table table;
    const char* rows;
    const char* find;
};

using rows_of = erase_rows::table;

constexpr std::array places{
    place{rows_of::event, "event",
          "SELECT id FROM event WHERE id>?1 AND id<=?2 AND parked IS NOT NULL "
          "AND (names_it(to_ref) OR names_it(subject) OR names_it(data))"},
    place{rows_of::inbound, "inbound",
          "SELECT id FROM inbound WHERE id>?1 AND id<=?2 AND outcome IS NOT NULL "
          "AND (names_it(sender) OR names_it(text))"},
    place{rows_of::receipt, "receipt",
          "SELECT id FROM receipt WHERE id>?1 AND id<=?2 "
          "AND (names_it(recipient) OR names_it(sender) OR names_it(excerpt))"},
    place{rows_of::passed, "passed",
          "SELECT id FROM passed WHERE id>?1 AND id<=?2 "
          "AND (number=?3 OR names_it(text) OR names_it(data))"},
    place{rows_of::contact_change, "contact_change",
          "SELECT id FROM contact_change WHERE id>?1 AND id<=?2 "
          "AND (?3 IN (from_number, to_number, who, settled_by) OR names_it(reason) "
          "OR names_it(settled_reason))"},
    place{rows_of::work_report, "work_report",
          "SELECT id FROM work_report WHERE id>?1 AND id<=?2 "
          "AND (?3 IN (number, who, ended_by) OR names_it(worker) OR names_it(work))"},
    place{rows_of::publication, "publication",
          "SELECT id FROM publication WHERE id>?1 AND id<=?2 AND done_at>0 "
          "AND through_number=?3"},
    place{rows_of::timer_step, "timer_step",
          "SELECT id FROM timer_step WHERE id>?1 AND id<=?2 "
          "AND (names_it(subject) OR names_it(to_ref) OR names_it(data))"},
    place{rows_of::operation, "operation",
          "SELECT id FROM operation WHERE id>?1 AND id<=?2 "
          "AND (names_it(which) OR names_it(reason) OR names_it(result))"},
};

constexpr std::size_t rows_per_operation = 200;

std::string all_final() {
    return "m.state>=" + std::to_string(static_cast<int>(message_state::delivered));
}

// In operations of a size that keeps nobody waiting.
class collector {
public:
    collector(const erased_number& of, instant now) : of_(of), now_(now) {}

    void add(erase_rows::table table, const std::string& instead, posthorn::id row) {
        auto& last = last_[{table, instead}];
        if (last == 0 || all_[last - 1].rows.size() == rows_per_operation) {
            all_.push_back(
                {.of = table, .rows = {}, .number = of_.number, .instead = instead, .at = now_});
            last = all_.size();
        }
        all_[last - 1].rows.push_back(row);
    }
    std::vector<erase_rows> take() { return std::move(all_); }

private:
    const erased_number& of_;
    instant now_;
    std::map<std::pair<erase_rows::table, std::string>, std::size_t> last_; // its place, from 1
    std::vector<erase_rows> all_;
};

} // namespace

std::vector<erasure> erasures_under_way(const std::filesystem::path& live) {
    auto db = open_database(live, access::read_only, 1'000);
    statement rows(db, "SELECT number, who, reason, at FROM erasure ORDER BY at");
    std::vector<erasure> out;
    while (rows.row())
        out.push_back({std::string(rows.text(0)), std::string(rows.text(1)),
                       std::string(rows.text(2)), rows.time(3)});
    return out;
}

std::string address_of(const std::filesystem::path& live, const std::string& number) {
    auto db = open_database(live, access::read_only, 1'000);
    statement row(db, "SELECT email FROM person AS p WHERE number=? AND NOT EXISTS "
                      "(SELECT 1 FROM person AS o WHERE o.email=p.email AND o.number<>p.number)");
    row.bind(number);
    return row.row() ? std::string(row.text(0)) : std::string();
}

std::int64_t open_messages_to(const std::filesystem::path& live, const std::string& number,
                              const std::stop_token& stop) {
    auto db = open_database(live, access::read_only, 4'000);
    statement count(db, "SELECT count(*) FROM message AS m WHERE id>? AND id<=? AND recipient=? "
                        "AND NOT " +
                            all_final());
    std::int64_t open = 0;
    in_windows(db, "message", stop, [&](posthorn::id after, posthorn::id last) {
        count.bind(after, last, number).row();
        open += count.number(0);
        count.reset();
    });
    return open;
}

std::vector<erase_rows> rows_to_erase(const std::filesystem::path& live, const erased_number& of,
                                      instant now, const std::stop_token& stop) {
    auto db = open_database(live, access::read_only, 4'000);
    can_tell_names(db, of.spellings);
    collector found(of, now);
    statement messages(db, "SELECT m.id, (SELECT name FROM name WHERE id=m.type) "
                           "FROM message AS m WHERE m.id>? AND m.id<=? AND m.recipient=? AND " +
                               all_final());
    in_windows(db, "message", stop, [&](posthorn::id after, posthorn::id last) {
        messages.bind(after, last, of.number);
        while (messages.row())
            found.add(rows_of::message, of.instead_in(messages.text(1)), messages.number(0));
    });
    for (const auto& p : places) {
        statement rows(db, p.find);
        const bool is_evidence = p.table == rows_of::contact_change;
        in_windows(db, p.rows, stop, [&](posthorn::id after, posthorn::id last) {
            rows.bind(after, last, of.number);
            while (rows.row())
                found.add(p.table, is_evidence ? of.evidence : std::string(erased_number::nothing),
                          rows.number(0));
        });
    }
    return found.take();
}

} // namespace posthorn::store
