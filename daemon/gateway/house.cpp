// Built, started, stopped.
#include "gateway/house.hpp"

#include "encoding/decode.hpp"
#include "encoding/parts.hpp"
#include "gateway/stop_limit.hpp"
#include "gateway/wordings.hpp"
#include "runtime/answer_of.hpp"
#include "runtime/run_on.hpp"
#include "runtime/thread_rank.hpp"

#include <boost/asio/post.hpp>
#include <boost/asio/signal_set.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <csignal>

namespace posthorn::gateway {

namespace {

using runtime::read_clocks;

constexpr std::int64_t ballast = 64 << 20;

std::string decoded(const sdk::inbound& t) {
    const auto header = t.udh ? encoding::read_header(t.octets) : encoding::user_data_header{};
    const auto text = encoding::decode_text(std::string_view(t.octets).substr(header.text_at),
                                            t.data_coding, header.tables);
    return text ? text->text : std::string();
}

} // namespace

house::house(std::shared_ptr<const configuration> c, logger log)
    : c_(std::move(c)), log_(std::move(log)),
      store_({.file = c_->settings.live_db(),
              .history = c_->settings.history_dir(),
              .post = [this](auto f) { asio::post(loop_, std::move(f)); },
              .complain = [this](auto what) { log_(sdk::level::error, "store", what); },
              .fed =
                  [this] {
                      if (teller_)
                          teller_->fed();
                  },
              .now = now_,
              .ballast = ballast}),
      for_api_(c_->settings.live_db(), c_->settings.history_dir()),
      for_care_(c_->settings.live_db(), c_->settings.history_dir()),
      for_sources_(c_->settings.live_db(), c_->settings.history_dir()),
      search_(c_->settings.live_db(), c_->settings.history_dir()),
      tokens_(c_->settings.tokens_file()),
      heartbeat_(loop_.get_executor(), store_, [this] { return api_->verdict(); }),
      tasks_(loop_.get_executor(),
             [this](auto task, auto what) {
                 log_(sdk::level::error, "loop", std::string(task) + ": " + std::string(what));
             }),
      links_(loop_.get_executor(), [this](auto task, auto what) {
          log_(sdk::level::error, "links", std::string(task) + ": " + std::string(what));
      }) {
    clock_.not_before(store_.clock_noted(), read_clocks());
    number_names();
    keep_wordings();
    desk_ = std::make_unique<delivery::desk>(
        desk_settings(),
        delivery::desk_surroundings{
            .store = store_,
            .now = now_,
            .random = [this] { return static_cast<std::uint32_t>(random_()); },
            .log =
                [this](sdk::level l, std::string_view account, std::string_view what) {
                    log_(l, account.empty() ? "delivery" : account, what);
                },
            .taken_in = [this](name_id source, const auto& rows) { taken_in(source, rows); },
            .decode = decoded,
            .encode = [](coding code,
                         std::string_view text) { return encoding::encode_single(code, text); },
            .source_name = [this](name_id source) { return source_names_.at(source); },
            .goes_on = [this] { sweeper_->look(); },
            .may_go_by_email = [this] { letters_->soon(); },
            .withdrawing = [this] { withdrawals_->soon(); },
            .admit = [this](auto text) { return answering_->admit(std::move(text)); },
            .texts_came = [this](auto texts) { answering_->came(std::move(texts)); },
            .link_lost = [this](name_id account,
                                instant proven) { answering_->link_lost(account, proven); },
            .opted_out =
                [this](sdk::opt_out word, auto done) {
                    tasks_.spawn("opt-out by mail", heed(std::move(word), std::move(done)));
                },
            .set_consent =
                [this](auto what) { set_consent(std::move(what), [](const auto&) {}); }});
    answering_ = std::make_unique<answering>(*c_, answering_needs());
    publishing_ = std::make_unique<publishing_desk>(*c_, needs_of_publishing());
    expansion_ = std::make_unique<expansion_desk>(needs_of_expansion());
    timers_ = std::make_unique<timer_desk>(*c_, needs_of_timers());
    letters_ = std::make_unique<letter_desk>(needs_of_letters());
    for (auto& known : for_care_.learned())
        learned_.emplace(known.account, std::move(known));
    for (const auto& a : c_->accounts)
        open_lane(a);
    auto found = store_.recover(now_());
    if (!found.uncertain.empty())
        log_(sdk::level::warn, "store",
             "parts left without an answer when the daemon stopped: " +
                 std::to_string(found.uncertain.size()) + ", now uncertain");
    desk_->recover(found);
    desk_->count_spent(for_cost_.of_month(desk_->today()));
    know_people(found);
    sweeper_ = std::make_unique<delivery::sweeper>(
        *desk_, c_->settings.live_db(), c_->settings.history_dir(), loop_.get_executor());
    withdrawals_ = std::make_unique<delivery::withdrawals>(
        *desk_, c_->settings.live_db(), loop_.get_executor(), [this](const std::string& type) {
            const auto* known = c_->catalogue->type_named(type);
            return known != nullptr && known->only_told;
        });
    wire_intake();
    asio::post(loop_, [this, waiting = std::make_shared<store::recovered>(std::move(found))] {
        answering_->recover(*waiting);
    });
    watch_ = std::make_unique<api::desk_watch>(*desk_, store_);
    api_ = std::make_unique<api::server>(loop_.get_executor(), c_->settings.socket, for_api_,
                                         api_surroundings());
    if (!c_->settings.http.address.empty())
        open_to_network();
}

void house::open_to_network() {
    const auto& http = c_->settings.http;
    look_at_tokens();
    const auto port = api_->open_to_network(http, tokens_, for_sources_);
    log_(sdk::level::info, "http",
         "listening address=" + http.address + " port=" + std::to_string(port) +
             (http.certificate.empty() ? "" : " tls=on"));
}

void house::number_names() {
    for (const auto& [number, name] : store_.names("source"))
        source_names_[number] = name; // also those that were configured once
    for (const auto& [kind, name] : names_in(*c_))
        learn(kind, name, store_.number_of(kind, name));
    for (const auto& [number, name] : store_.names("pool"))
        if (is_own_pool(name))
            own_pools_.insert(number);
    use_routes();
}

// Before anything is made of the types.
void house::keep_wordings() {
    std::vector<std::int64_t> versions;
    for (const auto& wording : wordings_in(*c_, {}, now_()))
        versions.push_back(store_.keep(wording));
    auto known = std::make_shared<configuration>(*c_);
    use_versions(*known, versions);
    c_ = std::move(known);
}

// The loop's maps never forget: rows that were read before a reload may still be on their way.
void house::learn(std::string_view kind, const std::string& name, name_id number) {
    if (kind == "source") {
        sources_[name] = number;
        source_names_[number] = name;
    } else {
        (kind == "type" ? types_ : kind == "pool" ? pools_ : accounts_)[name] = number;
        if (kind == "pool" && is_own_pool(name))
            own_pools_.insert(number);
    }
}

delivery::desk_settings house::desk_settings() const {
    delivery::desk_settings out{.retry = c_->settings.retry,
                                .receipt_wait = c_->settings.receipt_wait};
    for (const auto& t : c_->catalogue->types)
        out.types[types_.at(t.name)] = {t.uncertain_wait,
                                        t.hold_for,
                                        t.name,
                                        t.category == category::statutory,
                                        t.needs_consent ? std::optional(t.category) : std::nullopt,
                                        t.category,
                                        t.collapse,
                                        t.failover};
    out.policy = c_->policy;
    out.zone = c_->zone();
    out.seats = seats();
    out.failover_after = c_->routes->made_of().failover_after;
    out.pool_of = [this](const message& m) {
        return own_pools_.contains(m.pool) ? m.pool : pool_of(m);
    };
    const auto& b = c_->settings.brake;
    out.brake = {.enabled = b.enabled,
                 .first = b.first,
                 .enough = b.enough,
                 .good = b.good,
                 .rejects = b.rejects};
    for (const auto& [type, most] : b.most_in_an_hour)
        out.brake.most_in_an_hour[types_.at(type)] = most;
    return out;
}

asio::awaitable<void> house::mind_signals() {
    asio::signal_set signals(loop_, SIGTERM, SIGINT, SIGHUP);
    int signal = SIGHUP;
    while (signal == SIGHUP) {
        signal = co_await signals.async_wait(asio::use_awaitable);
        if (signal == SIGHUP)
            answer_reload({.asked_by = "SIGHUP"}, [](const auto&) {});
    }
    log_(sdk::level::info, "loop",
         std::string("stopping signal=") + (signal == SIGTERM ? "TERM" : "INT"));
    heartbeat_.stopping(c_->settings.stop_within);
    const stop_limit limit(
        loop_.get_executor(), c_->settings.stop_within, [this](const std::string& why) {
            log_(sdk::level::error, "loop",
                 why +
                     ": leaving at once; parts without an answer are uncertain at the next start");
            std::_Exit(EXIT_FAILURE);
        });
    co_await stop();
}

// What was submitted to the store so far is committed, and its callers have heard of it.
asio::awaitable<void> house::all_told() {
    co_await runtime::answer_of<void>(
        [this](auto done) { store_.submit({}, [done](auto) { done(); }); });
}

asio::awaitable<void> house::stop() {
    stopping_ = true;
    end_backup_.request_stop();
    end_sealing_.request_stop();
    end_erasing_.request_stop();
    co_await runtime::run_on(reads_, [&] { drain_->stop(); });
    co_await answering_->stop();
    co_await publishing_->stop();
    co_await expansion_->stop();
    co_await timers_->stop();
    co_await letters_->stop();
    for (const auto& [name, t] : trials_)
        t->stop();
    for (const auto& lane : desk_->lanes()) {
        lane->stop();
        if (!ending_.contains(lane.get()))
            lane->adapter().stop();
    }
    co_await all_told();    // what was opened in the last moment is taken back
    co_await links_.wait(); // adapters wait for answers
    keep_learned();
    desk_->flush();
    sweeper_->stop();
    withdrawals_->stop();
    co_await api_->stop();
    co_await runtime::run_on(reads_, [&] { store_.stop(); });
    co_await runtime::run_on(reads_, [&] { teller_->stop(); });
    co_await runtime::run_on(reads_, [&] { callbacks_->stop(); });
}

void house::run() {
    store_.start();
    teller_->start();
    callbacks_->start();
    for (const auto& lane : desk_->lanes())
        links_.spawn("account " + lane->settings().account, keep_running(*lane));
    api_->start();
    tasks_.spawn("pulse", pulse());
    tasks_.spawn("care", look_after());
    tasks_.spawn("sweeper", sweeper_->run());
    tasks_.spawn("withdrawals", withdrawals_->run());
    publishing_->start();
    expansion_->start();
    timers_->start();
    letters_->start();
    tasks_.spawn("signals", mind_signals());
    drain_->start();
    erase_those_under_way();
    tasks_.spawn("heartbeat", heartbeat_.beat());
    tasks_.spawn("verdict", heartbeat_.tell_verdict());
    log_(sdk::level::info, "loop", "ready socket=" + c_->settings.socket.string());
    runtime::this_thread_is("posthornd", runtime::thread_rank::prompt); // the others run by now
    loop_.run();
    log_(sdk::level::info, "loop", "stopped");
}

} // namespace posthorn::gateway
