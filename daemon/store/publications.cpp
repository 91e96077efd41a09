#include "store/publications.hpp"

#include "store/bounded_read.hpp"
#include "store/due_counter.hpp"
#include "store/sqlite/rows.hpp"
#include "store/withdrawn_finder.hpp"

namespace posthorn::store {

namespace {

// Who may have the item, of those behind the last one. The log's ids are in the order of commits,
// as are those of publications.
constexpr std::string_view may_have_it =
    "s.topic=?1 AND s.paused=0 AND (s.expires_at=0 OR s.expires_at>?2) AND NOT EXISTS("
    "SELECT 1 FROM subscription_log AS l WHERE l.number=s.number AND l.id>?3 AND l.topic=s.topic "
    "AND l.parameter=s.parameter AND l.what IN ('subscribed','resumed')) ";

std::optional<publication_story> read_story(statement& row) {
    if (!row.row())
        return std::nullopt;
    return publication_story{.item = std::string(row.text(0)),
                             .at = row.time(1),
                             .made = row.number(2),
                             .done = row.number(3) != 0};
}

} // namespace

struct publications_reader::connection : live_connection {
    explicit connection(const std::filesystem::path& file)
        : live_connection(file),
          open(live,
               "SELECT p.id, p.at, p.topic, p.item, p.parameter, p.data, p.not_before, "
               "p.expires_at, p.through_number, p.through_parameter, p.made, p.source, p.subject, "
               "p.what, p.happened_at, ifnull(c.reason, '') FROM publication AS p "
               "LEFT JOIN cancellation AS c ON " +
                   std::string(comes_of_it_alone) +
                   " WHERE p.done_at=0 AND p.id>? ORDER BY p.id LIMIT ?"),
          of_one(live, "SELECT " + std::string(subscription_columns) + " WHERE " +
                           std::string(may_have_it) +
                           "AND s.parameter=?4 AND s.number>?5 ORDER BY s.number LIMIT ?6"),
          of_all(
              live,
              "SELECT " + std::string(subscription_columns) + " WHERE " + std::string(may_have_it) +
                  "AND (s.number, s.parameter)>(?4, ?5) ORDER BY s.number, s.parameter LIMIT ?6"),
          waiting(live), finder(live) {}

    statement open, of_one, of_all;
    due_counter waiting;
    withdrawn_finder finder;
};

std::string subject_of_item(std::string_view topic, posthorn::id publication) {
    return "topic:" + std::string(topic) + ":" + std::to_string(publication);
}

template <class Work>
auto publications_reader::ask(Work work) {
    return bounded_read(live_, open_, std::move(work));
}

publications_reader::publications_reader(std::filesystem::path live) : live_(std::move(live)) {}

publications_reader::~publications_reader() = default;

std::vector<open_publication> publications_reader::open(posthorn::id after, std::size_t limit) {
    return ask([&](connection& c) {
        std::vector<open_publication> out;
        auto& row = c.open.bind(after, limit);
        while (row.row()) {
            out.push_back({.id = row.number(0),
                           .at = row.time(1),
                           .topic = std::string(row.text(2)),
                           .item = std::string(row.text(3)),
                           .parameter = std::string(row.text(4)),
                           .data = std::string(row.text(5)),
                           .not_before = row.time(6),
                           .expires_at = row.time(7),
                           .through_number = std::string(row.text(8)),
                           .through_parameter = std::string(row.text(9)),
                           .made = row.number(10),
                           .withdrawn = std::string(row.text(15))});
            if (auto& why = out.back().withdrawn; why.empty())
                why = c.finder.reason({static_cast<name_id>(row.number(11)), row.text(12),
                                       row.text(13), row.time(14)});
        }
        return out;
    });
}

std::vector<subscription> publications_reader::subscribers(const open_publication& of, instant now,
                                                           std::size_t limit) {
    return ask([&](connection& c) {
        auto& row = of.parameter.empty() ? c.of_all.bind(of.topic, now, of.id, of.through_number,
                                                         of.through_parameter, limit)
                                         : c.of_one.bind(of.topic, now, of.id, of.parameter,
                                                         of.through_number, limit);
        std::vector<subscription> out;
        while (row.row())
            out.push_back(read_subscription(row));
        return out;
    });
}

std::size_t publications_reader::waiting(const flow_name& flow, instant now, std::size_t most) {
    return ask([&](connection& c) { return c.waiting.count(flow, now, most); });
}

std::vector<std::string> publications_reader::parameters(std::string_view topic, instant now) {
    return ask([&](connection& c) {
        statement row(c.live, "SELECT DISTINCT parameter FROM subscription WHERE topic=? AND "
                              "paused=0 AND (expires_at=0 OR expires_at>?) ORDER BY parameter");
        row.bind(topic, now);
        std::vector<std::string> out;
        while (row.row())
            out.emplace_back(row.text(0));
        return out;
    });
}

instant publications_reader::occurrence(std::string_view topic) {
    return ask([&](connection& c) {
        statement row(c.live, "SELECT at FROM occurrence WHERE topic=?");
        return row.bind(topic).row() ? row.time(0) : instant{};
    });
}

std::optional<publication_story> publications_reader::newest(std::string_view topic) {
    return ask([&](connection& c) {
        statement row(c.live, "SELECT item, at, made, done_at FROM publication WHERE topic=? "
                              "ORDER BY id DESC LIMIT 1");
        return read_story(row.bind(topic));
    });
}

std::optional<publication_story> publications_reader::of_event(posthorn::id event) {
    return ask([&](connection& c) {
        statement row(c.live, "SELECT item, at, made, done_at FROM publication WHERE event=?1 AND "
                              "event>0 ORDER BY id LIMIT 1");
        return read_story(row.bind(event));
    });
}

} // namespace posthorn::store
