// Listings, a page at a time: each answer says where the next one goes on.
#include "api/handlers.hpp"
#include "api/query_reader.hpp"
#include "api/shapes.hpp"
#include "model/address.hpp"
#include "runtime/run_on.hpp"

#include <boost/json/array.hpp>

namespace posthorn::api {

namespace {

namespace asio = boost::asio;
using boost::json::array;
using boost::json::object;

// Of a query's `state`; parked is one of events.
void read_state(query_reader& query, store::search_query& into) {
    const auto text = query.text("state");
    if (text.empty())
        return;
    into.parked = text == "parked";
    into.state = message_state_named(text);
    if (!into.parked && !into.state)
        query.mistake = "state=" + text +
                        " is none: write parked, queued, sending, submitted, "
                        "delivered, partial, undelivered, rejected, expired, cancelled, "
                        "suppressed, unconfirmed or uncertain";
}

bool fits(const store::search_row& row, const store::search_query& q) {
    return (q.type.empty() || row.event.type == q.type) &&
           (q.run.empty() || row.event.run == q.run) &&
           (q.number.empty() || row.recipient == q.number || row.recipient == q.address) &&
           (!q.state || row.state == name_of(*q.state)) && (!q.parked || row.state == "parked") &&
           row.event.received_at >= q.since &&
           (q.until == instant{} || row.event.received_at < q.until);
}

// The messages of an event as rows of a listing.
void add_rows(const store::event_story& story, const store::search_query& q,
              std::vector<store::search_row>& rows) {
    store::search_row row{.event = story.event};
    if (story.parked) {
        row.state = "parked";
        row.reason = *story.parked;
        if (fits(row, q))
            rows.push_back(row);
    }
    for (const auto& m : story.messages) {
        row.message = m.id;
        row.state = name_of(m.state);
        row.reason = m.reason;
        row.recipient = m.recipient;
        row.final_at = m.final_at;
        if (fits(row, q))
            rows.push_back(row);
    }
}

} // namespace

asio::awaitable<answer> handlers::search(request asked) {
    query_reader query(asked);
    const auto limit = query.limit();
    const auto key = query.text("key"), after = query.text("after");
    store::search_query which{.source = query.text("source"),
                              .type = query.text("type"),
                              .run = query.text("run"),
                              .since = query.time("since"),
                              .until = query.time("until")};
    if (const auto number = asked.asked("number"); !number.empty())
        which.number = around_.number(number);
    const bool of_person = !which.number.empty();
    if (const auto written = query.text("email"); !written.empty()) {
        const auto address = to_email(written);
        if (!address || of_person)
            co_return bad_request(of_person ? "name a number, whose letters are found too, or an "
                                              "e-mail address"
                                            : "email: " + address.error().reason);
        which.number = *address;
    }
    read_state(query, which);
    if (!query.mistake.empty())
        co_return bad_request(query.mistake);
    const auto page = co_await runtime::run_on(pool_, [&] {
        if (of_person)
            which.address = around_.people->person_of(which.number).email;
        if (key.empty())
            return around_.search->find(which, after, limit);
        store::search_page found; // keys are found by themselves
        for (const auto& story : reader_.stories_of_key(key, which.source))
            add_rows(story, which, found.rows);
        return found;
    });
    array rows;
    for (const auto& row : page.rows)
        rows.push_back(found_shape(row));
    object out{{"found", std::move(rows)}, {"in_time", page.in_time}};
    if (!page.after.empty())
        out["after"] = page.after;
    co_return answer{.body = std::move(out)};
}

asio::awaitable<answer> handlers::accounts(request) {
    co_return answer{.body = object{{"accounts", accounts_shape(around_.status())}}};
}

asio::awaitable<answer> handlers::sources(request) {
    co_return answer{.body = object{{"sources", sources_shape(around_.status())}}};
}

asio::awaitable<answer> handlers::log(request asked) {
    query_reader query(asked);
    const auto limit = query.limit();
    store::operation_filter which{
        .since = query.time("since"), .who = query.text("who"), .what = query.text("what")};
    which.before = query.after();
    if (!query.mistake.empty())
        co_return bad_request(query.mistake);
    const auto found =
        co_await runtime::run_on(pool_, [&] { return reader_.operations(which, limit); });
    array rows;
    for (const auto& o : found)
        rows.push_back(operation_shape(o.done));
    object out{{"operations", std::move(rows)}};
    if (found.size() == limit)
        out["after"] = std::to_string(found.back().id);
    co_return answer{.body = std::move(out)};
}

} // namespace posthorn::api
