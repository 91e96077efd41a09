#include "store/texts.hpp"

#include "store/bounded_read.hpp"

#include <limits>

namespace posthorn::store {

namespace {

constexpr std::string_view columns =
    "SELECT i.id, i.received_at, ifnull(n.name,''), i.sender, i.recipient, i.text, "
    "i.outcome, i.command, i.head "
    "FROM inbound AS i LEFT JOIN name AS n ON n.id=i.account WHERE ";

std::string_view outcome_of(statement& row) { return row.null(6) ? waiting_text : row.text(6); }

found_text read_text(statement& row) {
    return {.id = row.number(0),
            .at = row.time(1),
            .account = std::string(row.text(2)),
            .sender = std::string(row.text(3)),
            .recipient = std::string(row.text(4)),
            .text = std::string(row.text(5)),
            .outcome = std::string(outcome_of(row)),
            .command = std::string(row.text(7)),
            .head = row.number(8)};
}

// Looked at here and not in SQL, so that a search that ends early knows how far it came.
bool fits(statement& row, const texts_query& q) {
    if (!q.outcome.empty() && outcome_of(row) != q.outcome)
        return false;
    if (q.number.empty())
        return true;
    const auto number = to_e164(row.text(3), q.countries);
    return number && *number == q.number;
}

} // namespace

struct texts_reader::connection {
    using clock = std::chrono::steady_clock;

    explicit connection(const std::filesystem::path& file)
        : live(open_database(file, access::read_only)) {
        interrupt_from(live, deadline);
    }

    clock::time_point deadline = clock::time_point::max();
    SQLite::Database live;
};

texts_reader::texts_reader(std::filesystem::path live) : live_(std::move(live)) {}

texts_reader::~texts_reader() = default;

texts_page texts_reader::find(const texts_query& q, std::size_t limit) {
    return bounded_read(live_, open_, [&](connection& c) {
        texts_page page;
        posthorn::id seen = q.before;
        statement rows(c.live, std::string(columns) + "i.id<? AND i.id>=? ORDER BY i.id DESC");
        rows.bind(q.before == 0 ? std::numeric_limits<posthorn::id>::max() : q.before,
                  q.since == instant{} ? 0 : first_id_at(q.since));
        try {
            while (rows.row()) {
                if (fits(rows, q)) {
                    if (page.texts.size() == limit) {
                        page.next = seen;
                        break;
                    }
                    page.texts.push_back(read_text(rows));
                }
                seen = rows.number(0);
            }
        } catch (const SQLite::Exception& e) {
            if (!was_interrupted(e))
                throw;
            page.next = seen;
            page.in_time = false;
        }
        return page;
    });
}

std::optional<found_text> texts_reader::text_of(posthorn::id text) {
    return bounded_read(live_, open_, [&](connection& c) -> std::optional<found_text> {
        statement row(c.live, std::string(columns) + "i.id=?");
        if (!row.bind(text).row())
            return std::nullopt;
        return read_text(row);
    });
}

} // namespace posthorn::store
