#include "store/timers.hpp"

#include "store/bounded_read.hpp"

namespace posthorn::store {

namespace {

constexpr std::string_view waiting_steps =
    "SELECT id, timer, type, due_at, (SELECT name FROM name "
    "WHERE id=t.source), subject, began_type, "
    "began_key, to_kind, to_ref, data, occurred_at, source, run "
    "FROM timer_step AS t WHERE made_at=0 AND ";

std::vector<timer_step> read_steps(statement& rows) {
    std::vector<timer_step> out;
    while (rows.row())
        out.push_back({.id = rows.number(0),
                       .timer = std::string(rows.text(1)),
                       .type = std::string(rows.text(2)),
                       .due_at = rows.time(3),
                       .source_number = static_cast<name_id>(rows.number(12)),
                       .source = std::string(rows.text(4)),
                       .subject = std::string(rows.text(5)),
                       .began_type = std::string(rows.text(6)),
                       .began_key = std::string(rows.text(7)),
                       .to_kind = std::string(rows.text(8)),
                       .to_ref = std::string(rows.text(9)),
                       .data = std::string(rows.text(10)),
                       .occurred_at = rows.time(11),
                       .run = std::string(rows.text(13))});
    return out;
}

} // namespace

struct timer_reader::connection : live_connection {
    explicit connection(const std::filesystem::path& file)
        : live_connection(file),
          due(live, std::string(waiting_steps) +
                        "due_at<=?1 AND (due_at,id)>(?2,?3) ORDER BY due_at, id LIMIT ?4") {}

    statement due;
};

timer_reader::timer_reader(std::filesystem::path live) : live_(std::move(live)) {}

timer_reader::~timer_reader() = default;

std::vector<timer_step> timer_reader::due(instant now, instant behind_due_at, posthorn::id behind,
                                          std::size_t limit) {
    return bounded_read(live_, open_, [&](connection& c) {
        auto out = read_steps(c.due.bind(now, behind_due_at, behind, limit));
        c.due.reset();
        return out;
    });
}

std::vector<timer_step> timer_reader::waiting(const step_query& which, std::size_t limit) {
    return bounded_read(live_, open_, [&](connection& c) {
        // its index is by subject; without one they are found in the order of their times
        const auto of_subject = which.subject.empty() ? "?1=''" : "subject=?1";
        statement rows(c.live, std::string(waiting_steps) + of_subject +
                                   " AND (?2='' OR source IN (SELECT id FROM name WHERE "
                                   "kind='source' AND name=?2)) AND (?3='' OR timer=?3) "
                                   "ORDER BY due_at, id LIMIT ?4");
        return read_steps(rows.bind(which.subject, which.source, which.timer, limit));
    });
}

std::vector<timer_step> timer_reader::step(posthorn::id id) {
    return bounded_read(live_, open_, [&](connection& c) {
        statement rows(c.live, std::string(waiting_steps) + "id=?");
        return read_steps(rows.bind(id));
    });
}

std::int64_t timer_reader::waiting_of(std::string_view timer, std::int64_t most) {
    return bounded_read(live_, open_, [&](connection& c) {
        statement row(c.live, "SELECT count(*) FROM (SELECT 1 FROM timer_step WHERE made_at=0 AND "
                              "timer=? LIMIT ?)");
        row.bind(timer, most).row();
        return row.number(0);
    });
}

} // namespace posthorn::store
