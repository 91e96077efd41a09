#include "api/work_handlers.hpp"

#include "api/body_texts.hpp"
#include "api/deed.hpp"
#include "api/query_reader.hpp"
#include "api/shapes.hpp"
#include "runtime/answer_of.hpp"
#include "runtime/run_on.hpp"

#include <boost/json/array.hpp>

#include <algorithm>

namespace posthorn::api {

namespace {

namespace asio = boost::asio;
using boost::json::array;
using boost::json::object;
using namespace std::chrono_literals;

constexpr std::size_t longest_words = 300; // octets
constexpr duration longest_work = 31 * 24h;

object work_shape(const store::work_report& w) {
    object out{{"id", std::to_string(w.id)},
               {"at", rfc3339(w.at)},
               {"number", w.number},
               {"area", w.area},
               {"place", w.place},
               {"work", w.work},
               {"begins_at", rfc3339(w.begins_at)},
               {"who", w.who}};
    if (!w.worker.empty())
        out["worker"] = w.worker;
    if (w.ends_at != instant{})
        out["ends_at"] = rfc3339(w.ends_at);
    return out;
}

std::string words_mistake(std::string_view name, const std::string& text) {
    const auto control = [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7F; };
    if (text.empty())
        return "'" + std::string(name) + "' is missing";
    if (text.size() > longest_words || std::ranges::any_of(text, control))
        return "'" + std::string(name) + "' is one line of at most 300 octets";
    return {};
}

// Why there is no such time; it may be left out where it is not required.
std::string read_moment(const body_texts& body, std::string_view name, bool required, instant& to) {
    const auto text = body.at(name);
    if (text.empty())
        return required ? "'" + std::string(name) + "' is missing" : "";
    const auto t = time_from(text);
    if (!t)
        return "'" + std::string(name) +
               "' is not a time: write RFC 3339 with a zone, like 2026-11-02T09:00:00+08:00";
    to = *t;
    return {};
}

// What the body says, all but the phone; its mistake, or nothing.
std::string read_work(const body_texts& body, instant now, store::add_work_report& to) {
    to.place = body.at("place");
    to.work = body.at("work");
    const auto worker = body.at("worker");
    for (auto mistake :
         {body.mistake, words_mistake("place", to.place), words_mistake("work", to.work),
          worker.empty() ? std::string() : words_mistake("worker", worker),
          read_moment(body, "begins_at", true, to.begins_at),
          read_moment(body, "ends_at", false, to.ends_at)})
        if (!mistake.empty())
            return mistake;
    if (to.begins_at < now - longest_work || to.begins_at > now + longest_work)
        return "'begins_at' is more than 31 days away";
    if (to.ends_at != instant{} &&
        (to.ends_at <= to.begins_at || to.ends_at > to.begins_at + longest_work))
        return "'ends_at' is not within 31 days after 'begins_at'";
    return {};
}

} // namespace

std::vector<route> work_handlers::table() {
    return {
        {"GET", "/v1/work", [this](request r) { return list(std::move(r)); }},
        {"POST", "/v1/work", [this](request r) { return add(std::move(r)); }, people | sources},
        {"POST", "/v1/work/{id}/end", [this](request r) { return end(std::move(r)); },
         people | sources},
    };
}

asio::awaitable<answer> work_handlers::list(request asked) {
    query_reader query(asked);
    store::work_query which{.area = query.text("area"), .number = query.text("number")};
    if (!which.number.empty())
        which.number = around_.number(which.number);
    const auto limit = query.limit();
    if (!query.mistake.empty())
        co_return bad_request(query.mistake);
    const auto found =
        co_await runtime::run_on(pool_, [&] { return around_.work->find(which, limit); });
    array work;
    for (const auto& w : found)
        work.push_back(work_shape(w));
    co_return answer{.body = object{{"work", std::move(work)}}};
}

asio::awaitable<answer> work_handlers::add(request asked) {
    const auto body = read_body(
        asked.body, {"number", "place", "work", "begins_at", "ends_at", "worker", "area"});
    const auto now = around_.now();
    store::add_work_report report{.who = asked.user, .at = now};
    auto mistake = read_work(body, now, report);
    const auto number = to_e164(body.at("number"), around_.countries());
    if (mistake.empty() && !number)
        mistake = number.error().reason;
    if (!mistake.empty())
        co_return bad_request(mistake);
    const auto phone =
        co_await runtime::run_on(pool_, [&] { return around_.people->person_of(*number); });
    if (phone.role.empty() || phone.area.empty())
        co_return problem(404, "Not found",
                          "number " + masked(*number) +
                              " is no phone of the staff with an area: `posthorn people import`");
    if (const auto area = body.at("area"); !area.empty() && area != phone.area)
        co_return problem(403, "Forbidden",
                          "number " + masked(*number) + " works in " + phone.area + ", not in " +
                              area);
    report.number = *number;
    report.area = phone.area;
    report.worker = body.at("worker").empty() ? phone.name : body.at("worker");
    auto by =
        deed(asked, now, "work add", "number " + masked(*number) + ", area " + phone.area, "");
    std::vector<store::op> ops;
    ops.emplace_back(std::move(report));
    ops.emplace_back(std::move(by));
    const auto told = co_await runtime::answer_of<std::vector<store::outcome>>(
        [&](auto done) { around_.commit(std::move(ops), done); });
    co_return answer{.status = 201,
                     .body =
                         object{{"id", std::to_string(told.front().event)}, {"area", phone.area}}};
}

asio::awaitable<answer> work_handlers::end(request asked) {
    const auto body = read_body(asked.body, {});
    if (!body.mistake.empty())
        co_return bad_request(body.mistake);
    const auto id = number_in<posthorn::id>(asked.segments[0]).value_or(0);
    const auto report =
        co_await runtime::run_on(pool_, [&] { return around_.work->report_of(id); });
    auto by = deed(asked, around_.now(), "work end", "work " + asked.segments[0], "");
    std::vector<store::op> ops;
    ops.emplace_back(store::end_work_report{.report = id, .who = by.who, .at = by.at});
    if (report)
        ops.emplace_back(std::move(by));
    const auto told = co_await runtime::answer_of<std::vector<store::outcome>>(
        [&](auto done) { around_.commit(std::move(ops), done); });
    if (told.front().what != store::outcome::code::applied)
        co_return problem(404, "Not found",
                          "there is no work " + asked.segments[0] + " that goes on");
    co_return answer{.body = object{{"id", asked.segments[0]}, {"ended", true}}};
}

} // namespace posthorn::api
