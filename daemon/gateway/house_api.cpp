// What people ask of the daemon, and what they order.
#include "gateway/house.hpp"

namespace posthorn::gateway {

using runtime::read_clocks;

api::surroundings house::api_surroundings() {
    api::surroundings out;
    out.now = now_;
    out.search = &search_;
    out.number = [this](std::string_view written) {
        const auto number = to_e164(written, c_->settings.countries);
        return number ? *number : std::string(written);
    };
    out.describe = [this](const std::string& account, const std::string& code) {
        const auto* lane = desk_->lane_named(account);
        return lane != nullptr ? lane->adapter().describe(code) : std::string();
    };
    out.books = [this] {
        const auto& s = c_->settings;
        return store::books_files{s.live_db(), s.history_dir(), s.result_dir};
    };
    out.results_since = [this] { // a day less: they are not all looked at in one moment
        return now_() - c_->settings.keep_results + std::chrono::days(1);
    };
    out.day = [this](std::chrono::year_month_day day) {
        const auto zone = c_->zone();
        const auto local = std::chrono::sys_days(day) + std::chrono::hours(12);
        const auto noon =
            from_micros(zone.to_utc(std::chrono::microseconds(local.time_since_epoch()).count()));
        const auto whole = zone.day_of(noon);
        return std::pair(whole.begins, whole.ends);
    };
    out.status = [this] {
        auto s = watch_->snapshot();
        tell_pools(s);
        s.started_at = started_at_;
        s.results_wait = teller_->trouble();
        s.unsealed = unsealed_;
        s.unpublished = unpublished();
        s.unexpanded = unexpanded();
        s.timers_wait = timers_->trouble();
        const auto problems = drain_->problems();
        for (const auto& configured : c_->catalogue->sources) {
            const auto& name = configured.name;
            const auto number = sources_.at(name);
            api::source_status source{.name = name, .waiting = in_memory_[number]};
            if (source.waiting > 0)
                source.lag = std::max(now_() - newest_[number], duration(0));
            source.quota = quotas_->uses(name, now_());
            source.kept_back = static_cast<std::int64_t>(drain_->kept_back(name));
            for (const auto& p : problems)
                if (p.file == name + ".db")
                    source.problem = p.what;
            source.missing = !source.problem.empty() &&
                             !std::filesystem::exists(c_->settings.outbox_dir / (name + ".db"));
            s.sources.push_back(std::move(source));
        }
        return s;
    };
    out.health = [this] { return health(); };
    out.uncertain = [this] { return watch_->uncertain(); };
    out.settle = [this](auto message, auto n, bool again, store::operation by) {
        return desk_->settle(message, n, again, std::move(by));
    };
    out.pause = [this](const scope& which, bool stopped, store::operation by, auto done) {
        return pause(which, stopped, std::move(by), std::move(done));
    };
    out.resume = [this](const scope& which, store::operation by) {
        const bool was = desk_->resume(which, std::move(by));
        sweeper_->look();
        return was;
    };
    out.opted_out = [this](const std::string& number) { return desk_->opted_out().of(number); };
    out.set_consent = [this](store::set_consent what, auto done) {
        set_consent(std::move(what), std::move(done));
    };
    out.withdraw = [this](auto message, store::operation by, auto done) {
        desk_->withdraw(message, std::move(by), std::move(done));
    };
    out.cancel_event = [this](auto event, store::operation by, auto done) {
        cancel_event(event, std::move(by), std::move(done));
    };
    out.recall = [this](const auto& part, std::string reason, auto done) {
        desk_->recall(part, std::move(reason), std::move(done));
    };
    out.resend = [this](store::whole_message earlier, bool repeat, store::operation by, auto done) {
        resend(std::move(earlier), repeat, std::move(by), std::move(done));
    };
    out.send = [this](api::manual_text what, store::operation by, auto done) {
        send(std::move(what), std::move(by), std::move(done));
    };
    out.try_route = [this](const auto& what) { return try_route(what); };
    out.estimate = [this](const auto& type, const auto& texts) { return estimate(type, texts); };
    out.try_account = [this](const std::string& name, auto done) {
        try_account(name, std::move(done));
    };
    out.called_back = [this](const std::string& name, const sdk::call& what, auto done) {
        const auto* lane = desk_->lane_named(name);
        if (lane != nullptr)
            lane->adapter().called_back(what, std::move(done));
        return lane != nullptr;
    };
    out.rehearse = [this](api::tried_text what, auto done) {
        rehearse(std::move(what), std::move(done));
    };
    out.accept_clock = [this](store::operation by) {
        clock_.accept(read_clocks());
        mind_the_clock(true, std::move(by));
    };
    out.retry = [this](auto events, store::operation by, auto done) {
        retry(std::move(events), std::move(by), std::move(done));
    };
    out.take = [this](std::string source, auto events, auto done) {
        web_->take(std::move(source), std::move(events), std::move(done));
    };
    out.people = &for_people_;
    out.texts = &for_texts_;
    out.subscriptions = &for_subscriptions_;
    out.topics = [this] { return c_->topics; };
    out.contacts = &for_contacts_;
    out.work = &for_work_;
    out.costs = &for_cost_;
    out.today = [this] { return desk_->today(); };
    out.budgets = [this] { return desk_->budgets(); };
    out.audience = &for_audience_;
    out.timers = &for_timers_;
    out.people_settings = [this] { return c_->settings.people; };
    out.countries = [this] { return c_->settings.countries; };
    out.commit = [this](auto ops, auto done) {
        store_.submit(std::move(ops), [done = std::move(done)](auto outcomes) {
            done({outcomes.begin(), outcomes.end()});
        });
    };
    out.use_people = [this](const auto& committed) { use_people(committed); };
    out.use_nuisance = [this](const nuisance& n) { answering_->use(n); };
    out.reload = [this](auto wish, auto done) { answer_reload(std::move(wish), std::move(done)); };
    out.back_up = [this](auto into, store::operation by, auto done) {
        back_up(std::move(into), std::move(by), std::move(done));
    };
    out.erase = [this](auto number, store::operation by, auto done) {
        erase(std::move(number), std::move(by), std::move(done));
    };
    out.log = [this](auto what) { log_(sdk::level::info, "api", what); };
    return out;
}

} // namespace posthorn::gateway
