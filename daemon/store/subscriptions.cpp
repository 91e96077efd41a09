#include "store/subscriptions.hpp"

#include "store/bounded_read.hpp"
#include "store/sqlite/rows.hpp"

#include <algorithm>

namespace posthorn::store {

namespace {

const std::string select_subscription = "SELECT " + std::string(subscription_columns) + " WHERE ";

std::vector<subscription> read_subscriptions(statement& rows) {
    std::vector<subscription> out;
    while (rows.row())
        out.push_back(read_subscription(rows));
    return out;
}

subscription_change change_named(std::string_view name) {
    const auto found = std::ranges::find(subscription_change_names, name);
    return found == subscription_change_names.end()
               ? subscription_change::changed
               : static_cast<subscription_change>(found - subscription_change_names.begin());
}

} // namespace

struct subscription_reader::connection : live_connection {
    using live_connection::live_connection;
};

template <class Work>
auto subscription_reader::ask(Work work) {
    return bounded_read(live_, open_, std::move(work));
}

subscription_reader::subscription_reader(std::filesystem::path live) : live_(std::move(live)) {}

subscription_reader::~subscription_reader() = default;

std::vector<subscription> subscription_reader::of_number(std::string_view number) {
    return ask([&](connection& c) {
        statement rows(c.live, select_subscription + "number=? ORDER BY topic, parameter");
        return read_subscriptions(rows.bind(number));
    });
}

std::vector<subscription> subscription_reader::of_topic(std::string_view topic,
                                                        std::string_view number,
                                                        std::string_view parameter,
                                                        std::size_t limit) {
    return ask([&](connection& c) {
        statement rows(c.live, select_subscription + "topic=?1 AND (number, parameter)>(?2, ?3) "
                                                     "ORDER BY number, parameter LIMIT ?4");
        return read_subscriptions(rows.bind(topic, number, parameter, limit));
    });
}

std::map<std::string, subscription_count> subscription_reader::counts() {
    return ask([&](connection& c) {
        std::map<std::string, subscription_count> out;
        statement rows(c.live, "SELECT topic, count(*), sum(paused) FROM subscription "
                               "GROUP BY topic");
        while (rows.row())
            out[std::string(rows.text(0))] = {rows.number(1), rows.number(2)};
        return out;
    });
}

std::vector<subscription> subscription_reader::expired(instant now, std::size_t limit) {
    return ask([&](connection& c) {
        statement rows(c.live, select_subscription + "expires_at>0 AND expires_at<=? LIMIT ?");
        return read_subscriptions(rows.bind(now, limit));
    });
}

std::vector<subscription_entry> subscription_reader::changes_of(std::string_view number,
                                                                std::size_t limit) {
    return ask([&](connection& c) {
        statement rows(c.live, "SELECT id, topic, number, parameter, what, how, who, inbound, "
                               "reason, at FROM subscription_log WHERE number=? ORDER BY id DESC "
                               "LIMIT ?");
        rows.bind(number, limit);
        std::vector<subscription_entry> out;
        while (rows.row())
            out.push_back({.id = rows.number(0),
                           .topic = std::string(rows.text(1)),
                           .number = std::string(rows.text(2)),
                           .parameter = std::string(rows.text(3)),
                           .what = change_named(rows.text(4)),
                           .how = static_cast<binding_way>(rows.number(5)),
                           .who = std::string(rows.text(6)),
                           .inbound = rows.number(7),
                           .reason = std::string(rows.text(8)),
                           .at = rows.time(9)});
        return out;
    });
}

} // namespace posthorn::store
