#include "store/costs.hpp"

#include "store/bounded_read.hpp"

namespace posthorn::store {

struct cost_reader::connection : live_connection {
    using live_connection::live_connection;
};

template <class Work>
auto cost_reader::ask(Work work) {
    return bounded_read(live_, open_, std::move(work));
}

cost_reader::cost_reader(std::filesystem::path live) : live_(std::move(live)) {}

cost_reader::~cost_reader() = default;

std::vector<add_cost> cost_reader::of_month(std::int32_t until) {
    return ask([&](connection& c) {
        statement rows(c.live,
                       "SELECT day, source, type, currency, sum(parts), sum(price) FROM cost "
                       "WHERE day>=? AND day<=? GROUP BY day, source, type, currency "
                       "ORDER BY day");
        rows.bind(until / 100 * 100, until); // the 0th is no day
        std::vector<add_cost> out;
        while (rows.row())
            out.push_back({.of = {.day = static_cast<std::int32_t>(rows.number(0)),
                                  .source = static_cast<name_id>(rows.number(1)),
                                  .type = static_cast<name_id>(rows.number(2)),
                                  .currency = std::string(rows.text(3))},
                           .parts = rows.number(4),
                           .price = rows.number(5)});
        return out;
    });
}

std::vector<cost_sum> cost_reader::of(const cost_wish& wish) {
    const std::string column = wish.by == "source" ? "source"
                               : wish.by == "type" ? "type"
                                                   : "account";
    return ask([&](connection& c) {
        const std::string name = wish.by.empty() ? "''" : "ifnull(n.name, '')";
        statement rows(c.live,
                       "SELECT " + name +
                           " AS what, c.currency, sum(c.parts), sum(c.price) FROM cost AS c "
                           "LEFT JOIN name AS n ON n.id=c." +
                           column + " AND n.kind='" + column +
                           "' WHERE c.day>=? AND c.day<=? GROUP BY what, c.currency "
                           "ORDER BY what, c.currency");
        rows.bind(wish.from, wish.until);
        std::vector<cost_sum> out;
        while (rows.row())
            out.push_back({std::string(rows.text(0)), std::string(rows.text(1)), rows.number(2),
                           rows.number(3)});
        return out;
    });
}

} // namespace posthorn::store
