// What phones tell us, that others must hear: another contact number, and what crews work on.
#include "answers/argument_text.hpp"
#include "answers/responder.hpp"

#include "commands/help.hpp"
#include "model/time_text.hpp"
#include "templates/calendar.hpp"

#include <boost/json/serialize.hpp>

#include <algorithm>

namespace posthorn::answers {

namespace {

namespace json = boost::json;
using namespace std::chrono_literals;

constexpr duration longest_work = 31 * 24h;
constexpr duration shown_after_end = 24h; // a crew may have forgotten to say that it is done
constexpr std::size_t most_shown = 5;     // in one answer

std::optional<instant> time_of(const json::object& o, std::string_view name,
                               const templates::zone& zone) {
    const auto parsed = templates::parse_time(text_of(o, name), zone);
    return parsed ? std::optional(from_micros(*parsed)) : std::nullopt;
}

json::object row_of(const store::work_report& w) {
    json::object row{{"place", w.place}, {"work", w.work}, {"begins_at", rfc3339(w.begins_at)}};
    if (w.ends_at != instant{})
        row["ends_at"] = rfc3339(w.ends_at);
    return row;
}

store::work_report report_in(const store::person& who, const json::object& arguments,
                             const templates::zone& zone) {
    store::work_report out;
    out.number = who.number;
    out.worker = who.name;
    out.area = who.area;
    out.place = text_of(arguments, "place");
    out.work = text_of(arguments, "work");
    out.begins_at = time_of(arguments, "begins", zone).value_or(instant{});
    out.ends_at = time_of(arguments, "ends", zone).value_or(instant{});
    return out;
}

} // namespace

// What can be told to be wrong is told before the phone has to prove anything.
bool responder::is_sensible(visit& v, request& r) {
    if (r.proven)
        return true;
    if (r.asked->does == commands::act::change_contact)
        return read_new_number(v, r);
    if (r.asked->does == commands::act::report_work)
        return read_times(v, r);
    return true;
}

bool responder::read_new_number(visit& v, request& r) {
    const auto written = text_of(r.arguments, "new_number");
    const auto number = to_e164(written, v.book->countries);
    if (number && *number != v.number) {
        r.arguments["new_number"] = "+" + *number;
        return true;
    }
    say(v, r.language, phrase::bad_number, {{"number", written}}, r.asked->name);
    return false;
}

// An end that is earlier in the day than the begin is that of the next day.
bool responder::read_times(visit& v, request& r) {
    const auto now = around_.now();
    const auto begins = time_of(r.arguments, "begins", v.book->zone);
    auto ends = time_of(r.arguments, "ends", v.book->zone);
    if (begins && ends && *ends <= *begins)
        ends = *ends + duration(24h);
    const bool sensible = begins && *begins > now - longest_work && *begins < now + longest_work &&
                          (!ends || (*ends > *begins && *ends < *begins + longest_work));
    if (!sensible) {
        say(v, r.language, phrase::misused,
            {{"help", commands::help_line_of(*r.asked, r.language)}}, r.asked->name);
        return false;
    }
    r.arguments["begins"] = rfc3339(*begins);
    if (ends)
        r.arguments["ends"] = rfc3339(*ends);
    return true;
}

// Committed with the answer, so that a crash finds both or neither; the owner hears it in the same
// commit.
responder::step responder::change_contact(visit& v, const request& r) {
    const auto to = text_of(r.arguments, "new_number").substr(1);
    const auto account = text_of(r.arguments, "account");
    std::vector<std::string> one{to};
    const auto there = co_await persons(std::move(one));
    const auto& bound = there.front().accounts;
    if (std::ranges::find(bound, account, &store::customer_account::account) != bound.end()) {
        tell(v, r, {}, false);
        co_return;
    }
    const auto now = around_.now();
    store::change_contact op{.account = account,
                             .from = v.number,
                             .to = to,
                             .inbound = r.inbound,
                             .who = v.number,
                             .reason = "text",
                             .owner = {},
                             .at = now};
    if (!r.asked->passes_to.empty())
        op.owner = store::pass_on{.source = around_.source_numbered(r.asked->passes_to),
                                  .kind = "contact_change",
                                  .inbound = r.inbound,
                                  .number = v.number,
                                  .recipient = v.text.head.recipient,
                                  .text = r.words,
                                  .data = json::serialize(json::object{{"account", account},
                                                                       {"from", "+" + v.number},
                                                                       {"to", "+" + to},
                                                                       {"at", rfc3339(now)}}),
                                  .at = now};
    v.along.emplace_back(std::move(op));
    tell_new_contact(v, r, to);
    tell(v, r, {}, true, true);
}

// Nothing that the phone wrote is in it. What cannot be sent is no reason not to change it.
void responder::tell_new_contact(const visit& v, const request& r, const std::string& number) {
    reply other{.to = v.text.head,
                .number = number,
                .language = r.language,
                .text = rendered(v.book->phrases.of(phrase::new_contact), r.language,
                                 {{"account", text_of(r.arguments, "account")}}),
                .beside = true};
    if (const auto why = around_.send(other); !why.empty())
        around_.log(level::error, "text " + std::to_string(v.text.head.id) + ": " + masked(number) +
                                      " is not told that it is a contact now: " + why);
}

void responder::report_work(visit& v, const request& r) {
    if (v.who.area.empty()) {
        around_.log(level::warn, masked(v.number) + " has no area and cannot report work");
        tell(v, r, {}, false);
        return;
    }
    const auto w = report_in(v.who, r.arguments, v.book->zone);
    const auto now = around_.now();
    v.along.emplace_back(store::add_work_report{.number = w.number,
                                                .worker = w.worker,
                                                .area = w.area,
                                                .place = w.place,
                                                .work = w.work,
                                                .begins_at = w.begins_at,
                                                .ends_at = w.ends_at,
                                                .inbound = r.inbound,
                                                .who = w.number,
                                                .at = now});
    if (!r.asked->passes_to.empty()) {
        auto data = row_of(w);
        data["area"] = w.area;
        data["worker"] = w.worker;
        v.along.emplace_back(store::pass_on{.source = around_.source_numbered(r.asked->passes_to),
                                            .kind = "crew_report",
                                            .inbound = r.inbound,
                                            .number = w.number,
                                            .recipient = v.text.head.recipient,
                                            .text = r.words,
                                            .data = json::serialize(data),
                                            .at = now});
    }
    const json::array rows{json::object{{"area", w.area}, {"worker", w.worker}}};
    tell(v, r, rows, true, true);
}

// All that this phone has reported, or that at the place it names.
responder::step responder::end_work(visit& v, const request& r) {
    const auto place = text_of(r.arguments, "place");
    store::work_query which{.area = {}, .number = v.number};
    const auto open = co_await around_.work(std::move(which));
    json::array rows;
    for (const auto& w : open) {
        if (w.place.find(place) == std::string::npos)
            continue;
        v.along.emplace_back(
            store::end_work_report{.report = w.id, .who = v.number, .at = around_.now()});
        if (rows.size() < most_shown)
            rows.push_back(json::object{{"place", w.place}, {"work", w.work}});
    }
    tell(v, r, rows, !rows.empty(), true);
}

// What crews work on where the account is, beside what was looked up.
responder::step responder::tell_with_work(visit& v, const request& r, const json::array& rows) {
    std::string area;
    for (const auto& a : v.who.accounts)
        if (a.account == text_of(r.arguments, "account"))
            area = a.area;
    json::array work;
    if (!area.empty()) {
        store::work_query which{
            .area = area, .number = {}, .over_before = around_.now() - shown_after_end};
        const auto open = co_await around_.work(std::move(which));
        for (const auto& w : open)
            if (work.size() < most_shown)
                work.push_back(row_of(w));
    }
    if (work.empty() && rows.empty()) {
        tell(v, r, rows, false);
        co_return;
    }
    auto data = commands::answer_data(commands::without_secrets(*r.asked, r.arguments), rows);
    data["work"] = std::move(work);
    auto text = rendered(r.asked->answer, r.language, data);
    send(v, r.language, std::move(text), r.asked->name);
}

} // namespace posthorn::answers
