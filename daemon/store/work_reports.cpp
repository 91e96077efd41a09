#include "store/work_reports.hpp"

#include "store/bounded_read.hpp"

namespace posthorn::store {

namespace {

constexpr std::string_view open_ones =
    "SELECT id, at, number, worker, area, place, work, begins_at, ends_at, inbound, who "
    "FROM work_report WHERE ended_at=0 AND ";

work_report read_report(statement& row) {
    return {.id = row.number(0),
            .at = row.time(1),
            .number = std::string(row.text(2)),
            .worker = std::string(row.text(3)),
            .area = std::string(row.text(4)),
            .place = std::string(row.text(5)),
            .work = std::string(row.text(6)),
            .begins_at = row.time(7),
            .ends_at = row.time(8),
            .inbound = row.number(9),
            .who = std::string(row.text(10))};
}

} // namespace

struct work_reader::connection : live_connection {
    using live_connection::live_connection;
};

work_reader::work_reader(std::filesystem::path live) : live_(std::move(live)) {}

work_reader::~work_reader() = default;

std::vector<work_report> work_reader::find(const work_query& which, std::size_t limit) {
    return bounded_read(live_, open_, [&](connection& c) {
        std::vector<work_report> out;
        // the index has open ones by area only: there are few
        const auto by_area = which.area.empty() ? "?1=''" : "area=?1";
        statement rows(c.live, std::string(open_ones) + by_area +
                                   " AND (?2='' OR number=?2) AND max(begins_at, ends_at)>=?3 "
                                   "ORDER BY id DESC LIMIT ?4");
        rows.bind(which.area, which.number, which.over_before, limit);
        while (rows.row())
            out.push_back(read_report(rows));
        return out;
    });
}

std::optional<work_report> work_reader::report_of(posthorn::id report) {
    return bounded_read(live_, open_, [&](connection& c) -> std::optional<work_report> {
        statement row(c.live, std::string(open_ones) + "id=?");
        if (!row.bind(report).row())
            return std::nullopt;
        return read_report(row);
    });
}

} // namespace posthorn::store
