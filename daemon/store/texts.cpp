#include "store/texts.hpp"

#include "store/archive.hpp"
#include "store/bounded_read.hpp"

#include <limits>

namespace posthorn::store {

namespace {

using clock = std::chrono::steady_clock;

constexpr std::string_view text_columns =
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

// Those of the months, the newest first; a month is opened when its turn comes.
class texts_of_months {
public:
    texts_of_months(const std::filesystem::path& history, const texts_query& q,
                    const clock::time_point& deadline)
        : before_(q.before == 0 ? newest : q.before),
          since_(q.since == instant{} ? 0 : first_id_at(q.since)),
          // however a carrier writes the number, it ends so: see the index
          tail_(q.number.size() < 6 ? std::string() : q.number.substr(q.number.size() - 6)),
          deadline_(deadline) {
        for (auto& [name, file] : archive::months(history))
            if ((q.before == 0 || name <= archive::month_named(made_at(q.before))) &&
                (q.since == instant{} || name >= archive::month_named(q.since)))
                months_.push_back(std::move(file));
    }

    // The next text; false: there is none.
    bool next() {
        while (true) {
            if (rows_ && rows_->row())
                return true;
            rows_.reset();
            db_.reset();
            if (next_ == months_.size())
                return false;
            open(months_[next_++]);
        }
    }
    statement& row() { return *rows_; }

private:
    static constexpr auto newest = std::numeric_limits<posthorn::id>::max();

    void open(const std::filesystem::path& month) {
        db_.emplace(open_database(month, access::read_only, 2'000));
        interrupt_from(*db_, deadline_);
        if (!db_->tableExists("inbound")) // one from before texts were moved to months
            return;
        rows_.emplace(*db_, std::string(text_columns) +
                                (tail_.empty() ? "" : "substr(i.sender, -6)=?3 AND ") +
                                "i.id<?1 AND i.id>=?2 ORDER BY i.id DESC");
        if (tail_.empty())
            rows_->bind(before_, since_);
        else
            rows_->bind(before_, since_, tail_);
    }

    posthorn::id before_, since_;
    std::string tail_;
    const clock::time_point& deadline_;
    std::vector<std::filesystem::path> months_; // the newest first
    std::size_t next_ = 0;
    std::optional<SQLite::Database> db_;
    std::optional<statement> rows_;
};

} // namespace

struct texts_reader::connection : live_connection {
    using live_connection::live_connection;
};

texts_reader::texts_reader(std::filesystem::path live, std::filesystem::path history)
    : live_(std::move(live)), history_(std::move(history)) {}

texts_reader::~texts_reader() = default;

texts_page texts_reader::find(const texts_query& q, std::size_t limit) {
    return bounded_read(live_, open_, [&](connection& c) {
        texts_page page;
        posthorn::id seen = q.before;
        statement rows(c.live, std::string(text_columns) + "i.id<? AND i.id>=? ORDER BY i.id DESC");
        rows.bind(q.before == 0 ? std::numeric_limits<posthorn::id>::max() : q.before,
                  q.since == instant{} ? 0 : first_id_at(q.since));
        texts_of_months months(history_, q, c.deadline);
        try {
            // live.db first, so that no text leaves it unseen before its month is looked at
            bool live = rows.row(), old = months.next();
            while (live || old) {
                if (live && old && months.row().number(0) == rows.number(0)) {
                    old = months.next(); // copied, and not yet forgotten
                    continue;
                }
                const bool from_live = live && (!old || rows.number(0) > months.row().number(0));
                auto& row = from_live ? rows : months.row();
                if (fits(row, q)) {
                    if (page.texts.size() == limit) {
                        page.next = seen;
                        break;
                    }
                    page.texts.push_back(read_text(row));
                }
                seen = row.number(0);
                (from_live ? live : old) = from_live ? rows.row() : months.next();
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
        const auto in = [&](SQLite::Database& db) -> std::optional<found_text> {
            statement row(db, std::string(text_columns) + "i.id=?");
            if (!row.bind(text).row())
                return std::nullopt;
            return read_text(row);
        };
        if (auto found = in(c.live))
            return found;
        const auto months = archive::months(history_);
        const auto month = months.find(archive::month_named(made_at(text)));
        if (month == months.end())
            return std::nullopt;
        auto db = open_database(month->second, access::read_only, 2'000);
        interrupt_from(db, c.deadline);
        return db.tableExists("inbound") ? in(db) : std::nullopt;
    });
}

} // namespace posthorn::store
