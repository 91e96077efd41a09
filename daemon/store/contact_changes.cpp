#include "store/contact_changes.hpp"

#include "store/bounded_read.hpp"

#include <limits>

namespace posthorn::store {

namespace {

constexpr std::string_view contact_columns =
    "SELECT c.id, c.at, c.account, c.from_number, c.to_number, c.inbound, c.who, c.reason, "
    "ifnull(n.name,''), c.state, c.settled_at, c.settled_by, c.settled_reason "
    "FROM contact_change AS c LEFT JOIN name AS n ON n.id=c.source WHERE ";

contact_change read_change(statement& row) {
    return {.id = row.number(0),
            .at = row.time(1),
            .account = std::string(row.text(2)),
            .from = std::string(row.text(3)),
            .to = std::string(row.text(4)),
            .inbound = row.number(5),
            .who = std::string(row.text(6)),
            .reason = std::string(row.text(7)),
            .source = std::string(row.text(8)),
            .state = std::string(row.text(9)),
            .settled_at = row.time(10),
            .settled_by = std::string(row.text(11)),
            .settled_reason = std::string(row.text(12))};
}

} // namespace

struct contact_reader::connection : live_connection {
    using live_connection::live_connection;
};

contact_reader::contact_reader(std::filesystem::path live) : live_(std::move(live)) {}

contact_reader::~contact_reader() = default;

std::vector<contact_change> contact_reader::find(const contact_query& which, std::size_t limit) {
    return bounded_read(live_, open_, [&](connection& c) {
        std::vector<contact_change> out;
        statement rows(c.live, std::string(contact_columns) +
                                   "c.id<?1 AND (?2='' OR n.name=?2) AND (?3='' OR c.state=?3) "
                                   "ORDER BY c.id DESC LIMIT ?4");
        rows.bind(which.before == 0 ? std::numeric_limits<posthorn::id>::max() : which.before,
                  which.source, which.state, limit);
        while (rows.row())
            out.push_back(read_change(rows));
        return out;
    });
}

std::optional<contact_change> contact_reader::change_of(posthorn::id change) {
    return bounded_read(live_, open_, [&](connection& c) -> std::optional<contact_change> {
        statement row(c.live, std::string(contact_columns) + "c.id=?");
        if (!row.bind(change).row())
            return std::nullopt;
        return read_change(row);
    });
}

} // namespace posthorn::store
