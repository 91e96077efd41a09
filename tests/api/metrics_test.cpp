#include "api/metrics.hpp"

#include "api/metric_text.hpp"
#include "store/live_db.hpp"

#include <doctest/doctest.h>

#include <set>
#include <sstream>

namespace metrics_test {

using namespace posthorn;
using namespace posthorn::api;
using live_db::start_of_time;
using namespace std::chrono_literals;

namespace {

std::string sample_page() {
    status_snapshot live;
    live.started_at = start_of_time;
    live.accounts = {{.name = "mobile-a", .slots = 10, .open = 3, .submitted = 12}, {.name = "b"}};
    live.sources = {{.name = "billing",
                     .waiting = 5,
                     .lag = 1500ms,
                     .quota = {{quota_window::minute, 60, 20}, {quota_window::day, 1000, 1000}},
                     .kept_back = 17},
                    {.name = "crm", .problem = "locked"},
                    {.name = "new", .problem = "is not there yet", .missing = true}};
    live.pauses.resize(3);
    live.braked = 2;
    live.warnings.resize(1);
    live.budgets = {{.of = {.name = "offers", .amount = 900'000'000'000'000}, // 900 million
                     .used = 450'000'000'000'000}};
    live.unstored[{1, priority::normal, 1}] = 4;
    live.totals = {{"rejected by carrier", 7}, {"receipts", 8}, {"waiting for receipts", 9}};
    const stored_figures stored{
        .tallies = {{"events", 100},
                    {"delivered", 60},
                    {"parked", 2},
                    {"duplicate", 1},
                    {"inbound failed", 9},
                    {"inbound handled", 4},
                    {"publications", 8}},
        .queue = {{{1, priority::normal, 1}, 10, false, start_of_time - 90s},
                  {{1, priority::urgent, 1}, 1, false, start_of_time + 60s}},
        .parked_reasons = {},
        .names = {}};
    health_figures health{.version = "1.0"};
    health.store = {.commits = 4, .operations = 9, .commit_micros = 2'500'000};
    health.callbacks_given_up = 6;
    health.callbacks_waiting = 11;
    health.answering = {.joining = 1,
                        .in_hand = 2,
                        .questions = 3,
                        .lookups = {{.system = "billing",
                                     .asked = 9,
                                     .outcomes = {{"answered", 6}, {"timeout", 2}},
                                     .done = 8,
                                     .took = 1500ms,
                                     .waiting = 1,
                                     .breaker_open = true}}};
    health.publishing = {.texts = 900,
                         .open = 2,
                         .oldest = start_of_time - 60s,
                         .stuck = {{"tariff.new", "billing:t-1", "data: price is missing"}},
                         .asked = 4,
                         .missed = 1,
                         .clocks = {{"sales.daily", start_of_time, "billing is down"},
                                    {"stock.weekly", start_of_time, ""}}};
    const http_figures http{.answers = {{202, 5}, {401, 1}}, .turned_away = 2, .connections = 3};
    return metrics_of(live, stored, health, http, start_of_time);
}

} // namespace

TEST_CASE("metrics: figures stand under their names, with names of the configuration as labels") {
    const auto page = sample_page();
    for (const std::string line : {
             "posthorn_queue_messages{priority=\"normal\"} 14",
             "posthorn_queue_overdue_seconds{priority=\"normal\"} 90",
             "posthorn_queue_overdue_seconds{priority=\"urgent\"} 0",
             "posthorn_events_total 100",
             "posthorn_pauses{by=\"people\"} 1",
             "posthorn_pauses{by=\"brake\"} 2",
             "posthorn_brake_warnings 1",
             "posthorn_budget_used_ratio{budget=\"offers\"} 0.500000",
             "posthorn_events_refused_total{what=\"duplicate\"} 1",
             "posthorn_events_parked 2",
             "posthorn_messages_final{state=\"delivered\"} 60",
             "posthorn_verdicts_total{verdict=\"rejected\"} 7",
             "posthorn_receipts_awaited 9",
             "posthorn_account_up{account=\"mobile-a\"} 1",
             "posthorn_account_up{account=\"b\"} 0",
             "posthorn_account_submitted_parts_total{account=\"mobile-a\"} 12",
             "posthorn_outbox_problem{source=\"crm\"} 1",
             "posthorn_outbox_problem{source=\"new\"} 0",
             "posthorn_outbox_lag_seconds{source=\"billing\"} 1.500000",
             "posthorn_outbox_kept_back_rows{source=\"billing\"} 17",
             "posthorn_source_quota_used_ratio{source=\"billing\",window=\"minute\"} 0.333333",
             "posthorn_source_quota_used_ratio{source=\"billing\",window=\"day\"} 1",
             "posthorn_commit_seconds_sum 2.500000",
             "posthorn_commit_seconds_count 4",
             "posthorn_callbacks_total{outcome=\"taken\"} 0",
             "posthorn_callbacks_total{outcome=\"given_up\"} 6",
             "posthorn_callbacks_waiting 11",
             "posthorn_inbound_outcomes_total{outcome=\"failed\"} 9",
             "posthorn_inbound_outcomes_total{outcome=\"answered\"} 0",
             "posthorn_inbound_failed_waiting 5",
             "posthorn_inbound_joining 1",
             "posthorn_inbound_in_hand 2",
             "posthorn_questions_open 3",
             "posthorn_lookups_asked_total{system=\"billing\"} 9",
             "posthorn_lookups_total{system=\"billing\",outcome=\"timeout\"} 2",
             "posthorn_lookup_seconds_sum{system=\"billing\"} 1.500000",
             "posthorn_lookup_seconds_count{system=\"billing\"} 8",
             "posthorn_lookups_waiting{system=\"billing\"} 1",
             "posthorn_lookup_breaker_open{system=\"billing\"} 1",
             "posthorn_publications_total 8",
             "posthorn_publication_texts_total 900",
             "posthorn_publications_open 2",
             "posthorn_publication_oldest_seconds 60",
             "posthorn_publications_stuck 1",
             "posthorn_topic_queries_total{outcome=\"published\"} 4",
             "posthorn_topic_queries_total{outcome=\"missed\"} 1",
             "posthorn_topic_query_failing{topic=\"sales.daily\"} 1",
             "posthorn_topic_query_failing{topic=\"stock.weekly\"} 0",
             "posthorn_http_answers_total{status=\"202\"} 5",
         })
        CHECK_MESSAGE(page.find("\n" + line + "\n") != std::string::npos, line);
}

TEST_CASE("metrics: each family has one head before its samples, and no sample comes twice") {
    std::istringstream in(sample_page());
    std::set<std::string> heads, samples;
    std::string family;
    for (std::string line; std::getline(in, line);) {
        CAPTURE(line);
        std::istringstream words(line);
        std::string mark, what, name;
        words >> mark >> what >> name;
        if (what == "TYPE") {
            family = name;
            CHECK(heads.insert(family).second);
        }
        if (mark == "#")
            continue;
        CHECK(line.starts_with(family));
        CHECK(samples.insert(line.substr(0, line.rfind(' '))).second);
    }
    CHECK(heads.size() > 30);
}

TEST_CASE("metrics: seconds keep their microseconds, and labels are escaped") {
    metric_text out;
    out.gauge("x", "X.");
    out.add_seconds(1, {{"a", "q\"b\\c\nd"}});
    out.add_seconds(-1'500'000);
    out.add_seconds(-1);
    out.add_seconds(3'000'000);
    CHECK(out.text() == "# HELP posthorn_x X.\n# TYPE posthorn_x gauge\n"
                        "posthorn_x{a=\"q\\\"b\\\\c\\nd\"} 0.000001\nposthorn_x -1.500000\n"
                        "posthorn_x -0.000001\nposthorn_x 3\n");
}

} // namespace metrics_test
