// Another configuration while running: read and checked off the loop, compared, and then put in
// force in one turn of the loop, or refused with nothing changed.
//
//   read ─► mistakes? ─► what differs ─► may it? live rows? ─► numbers for new names ─► in force
//
// What is in hand keeps what it was made with: texts, parts, the reader's batch under way.
#include "gateway/house.hpp"
#include "gateway/wordings.hpp"
#include "runtime/answer_of.hpp"
#include "runtime/run_on.hpp"

#include <boost/asio/use_awaitable.hpp>

namespace posthorn::gateway {

namespace {

std::string joined(const std::vector<std::string>& all, const char* between) {
    std::string out;
    for (const auto& one : all)
        out += (out.empty() ? "" : between) + one;
    return out;
}

void refuse_reload(api::reload_report& report, const std::string& why) {
    report.refused = true;
    report.verdict = "refused, and nothing changed: " + why;
}

constexpr std::int64_t most_counted = 10'000;

std::string counted(std::int64_t n, const char* what) {
    return std::to_string(n) + " " + what + (n == 1 ? "" : "s");
}

} // namespace

void house::answer_reload(api::reload_wish wish, std::function<void(api::reload_report)> done) {
    if (!reloading_ && !stopping_) {
        reloading_ = true;
        tasks_.spawn("reload", reload(std::move(wish), std::move(done)));
        return;
    }
    api::reload_report report;
    refuse_reload(report, stopping_ ? "posthornd is stopping" : "another reload is under way");
    tell_reload(wish, report);
    done(std::move(report));
}

asio::awaitable<void> house::reload(api::reload_wish wish,
                                    std::function<void(api::reload_report)> done) {
    api::reload_report report;
    heartbeat_.reloading();
    try {
        co_await try_reload(wish, report);
    } catch (const std::exception& e) {
        refuse_reload(report, e.what());
    }
    reloading_ = false;
    if (!stopping_)
        heartbeat_.reloaded();
    tell_reload(wish, report);
    done(std::move(report));
    if (report.applied)
        co_await let_go();
}

asio::awaitable<void> house::try_reload(const api::reload_wish& wish, api::reload_report& report) {
    const auto before = c_;
    auto next = std::make_shared<configuration>();
    co_await runtime::run_on(reads_, [&] {
        *next = read_configuration(before->settings.file);
        return true;
    });
    for (const auto& p : next->problems)
        report.mistakes.push_back(settings::format(p));
    if (!report.mistakes.empty()) {
        const auto n = static_cast<std::int64_t>(report.mistakes.size());
        co_return refuse_reload(report, "the configuration has " + counted(n, "mistake"));
    }
    auto found = differences_between(*before, *next);
    for (auto* list : {&found.lines, &found.notes})
        report.differences.insert(report.differences.end(), list->begin(), list->end());
    if (!found.restart.empty())
        co_return refuse_reload(report, joined(found.restart, ", ") + " needs a restart");
    const auto live = co_await live_rows_of(found);
    if (!live.empty() && !wish.drain)
        co_return refuse_reload(report,
                                live + ": `posthorn reload --drain` lets them come to their end");
    report.verdict = found.none() ? "nothing has changed" : "would be applied";
    if (found.none() || wish.dry_run)
        co_return;
    if (!stopping_) { // else the store answers no more
        co_await number_new_names(*next);
        co_await keep_new_wordings(*next, wish.asked_by);
    }
    if (stopping_)
        co_return refuse_reload(report, "posthornd is stopping");
    if (next->any_quota_per_day() && !today_counted_)
        add_earlier(co_await runtime::run_on(reads_, [&] { return taken_in_today(started_at_); }));
    for (const auto& [adapter, file] : before->plugin_files)
        next->plugin_files[adapter] = file; // what is loaded stays what it was
    const auto called_before = endpoints();
    put_in_force(std::move(next));
    if (auto now_called = endpoints(); now_called != called_before)
        co_await runtime::run_on(reads_, [&] { callbacks_->use(std::move(now_called)); });
    report.applied = true;
    store_.submit({store::operation{.who = wish.asked_by,
                                    .what = "reload",
                                    .which = "the configuration",
                                    .result = joined(report.differences, "; "),
                                    .at = now_()}});
    report.verdict = "applied" + (live.empty() ? "" : "; " + live + ", which come to their end");
}

// Of what is about to go: "type bill.issued has 12 live messages"; empty when there are none.
asio::awaitable<std::string> house::live_rows_of(const differences& found) {
    std::vector<std::string> all;
    for (const auto& type : found.removed_types) {
        auto live = co_await runtime::run_on(reads_, [&] { return for_care_.live_of_type(type); });
        live.messages += desk_->unstored(types_.at(type));
        if (live.messages > 0)
            all.push_back("type " + type + " has " + counted(live.messages, "live message"));
        if (live.parked > 0)
            all.push_back("type " + type + " has " + counted(live.parked, "parked event"));
    }
    for (const auto& timer : found.removed_timers) {
        const auto waiting = co_await runtime::run_on(
            reads_, [&] { return for_reload_.waiting_of(timer, most_counted); });
        if (waiting > 0)
            all.push_back("timer " + timer + " has " +
                          (waiting == most_counted ? "more than " : "") + counted(waiting, "step") +
                          " that wait (`posthorn timers cancel --timer " + timer + "`)");
    }
    for (const auto& account : found.removed_accounts) {
        const auto live =
            co_await runtime::run_on(reads_, [&] { return for_care_.live_of_account(account); });
        if (live.messages > 0)
            all.push_back("account " + account + " has " + counted(live.messages, "live message") +
                          " at its carrier");
    }
    co_return joined(all, ", ");
}

asio::awaitable<void> house::number_new_names(const configuration& next) {
    const auto names = names_in(next);
    std::vector<store::op> ops;
    for (const auto& [kind, name] : names)
        ops.emplace_back(store::add_name{kind, name});
    co_await runtime::answer_of<void>([&](auto done) {
        store_.submit(std::move(ops), [this, done, names](auto outcomes) {
            for (std::size_t i = 0; i < names.size(); ++i)
                learn(names[i].first, names[i].second, outcomes[i].name);
            done();
        });
    });
}

// A reload that is refused after this leaves versions that made nothing.
asio::awaitable<void> house::keep_new_wordings(configuration& next, std::string who) {
    std::vector<store::op> ops;
    for (auto& wording : wordings_in(next, who, now_()))
        ops.emplace_back(std::move(wording));
    co_await runtime::answer_of<void>([&](auto done) {
        store_.submit(std::move(ops), [&next, done](auto outcomes) {
            std::vector<std::int64_t> versions;
            for (const auto& o : outcomes)
                versions.push_back(o.wording);
            use_versions(next, versions);
            done();
        });
    });
}

// In one turn of the loop: whatever runs after it finds only the new one.
void house::put_in_force(std::shared_ptr<const configuration> next) {
    const auto before = std::exchange(c_, std::move(next));
    use_routes();
    desk_->use(desk_settings());
    sweeper_->look_at_policy();
    again_ = std::make_unique<intake::preparer>(c_->catalogue, static_cast<unsigned>(random_()));
    answering_->use(*c_);
    publishing_->use(*c_);
    timers_->use(*c_);
    letters_->use();
    web_->use(c_->catalogue, static_cast<unsigned>(random_()));
    teller_->use(told_sources());
    quotas_->use(*c_->catalogue, c_->zone());
    drain_->use(c_->catalogue);
    change_accounts(*before);
}

void house::tell_reload(const api::reload_wish& wish, const api::reload_report& report) {
    const auto level = report.refused ? sdk::level::error : sdk::level::info;
    for (const auto& mistake : report.mistakes)
        log_(level, "reload", mistake);
    for (const auto& line : report.differences)
        log_(level, "reload", line);
    log_(level, "reload",
         "asked by " + wish.asked_by + (wish.dry_run ? " (dry run)" : "") + ": " + report.verdict);
}

} // namespace posthorn::gateway
