#include "gateway/gateway.hpp"

#include "api/desk_watch.hpp"
#include "api/server.hpp"
#include "api/shapes.hpp"
#include "delivery/desk.hpp"
#include "encoding/decode.hpp"
#include "encoding/parts.hpp"
#include "feedback/teller.hpp"
#include "gateway/state_lock.hpp"
#include "intake/drain.hpp"
#include "runtime/clocks.hpp"
#include "runtime/run_on.hpp"
#include "runtime/task_group.hpp"
#include "store/fault_point.hpp"

#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/signal_set.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/thread_pool.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <csignal>
#include <random>

namespace posthorn::gateway {

namespace {

namespace asio = boost::asio;
using namespace std::chrono_literals;
using runtime::read_clocks;

constexpr std::int64_t ballast = 64 << 20;

std::string decoded(const sdk::inbound& t) {
    const auto header = t.udh ? encoding::read_header(t.octets) : encoding::user_data_header{};
    const auto text = encoding::decode_text(std::string_view(t.octets).substr(header.text_at),
                                            t.data_coding, header.tables);
    return text ? text->text : std::string();
}

class house {
public:
    house(const configuration& c, logger log);
    void run();

private:
    void number_names();
    void open_lanes();
    void wire_intake();
    delivery::desk_settings desk_settings() const;
    api::surroundings api_surroundings();

    void take(const std::string& source, std::vector<intake::prepared> rows);
    store::add_event completed(name_id source, intake::prepared row) const;
    void taken_in(name_id source, std::vector<std::int64_t> ids);
    void mind_the_clock(bool note);
    std::string trouble() const;
    void retry(std::vector<store::parked_event> events,
               std::function<void(api::retry_counts)> done);

    asio::awaitable<void> keep_running(delivery::lane& lane);
    asio::awaitable<void> pulse();
    asio::awaitable<void> look_after();
    asio::awaitable<void> until_told_to_stop();
    asio::awaitable<void> stop();
    asio::awaitable<void> all_told();
    void summary();

    const configuration& c_;
    logger log_;
    std::mt19937 random_{std::random_device{}()};
    asio::io_context loop_{1};
    asio::thread_pool reads_{1};
    clock_guard clock_{read_clocks()};
    const std::function<instant()> now_ = [this] {
        return clock_.now(read_clocks());
    }; // any thread
    instant started_at_ = now_();
    std::unique_ptr<feedback::teller> teller_;
    store::store store_;
    std::map<std::string, name_id, std::less<>> sources_, types_, pools_;
    std::map<name_id, std::string> source_names_;
    std::unique_ptr<delivery::desk> desk_;
    std::unique_ptr<intake::preparer> again_; // for parked events
    std::unique_ptr<intake::drain> drain_;
    store::reader for_api_, for_care_;
    std::unique_ptr<api::desk_watch> watch_;
    std::unique_ptr<api::server> api_;
    runtime::task_group tasks_, links_;
    std::map<name_id, std::vector<std::int64_t>> taken_in_; // since the loop's last turn
    std::map<name_id, std::int64_t> in_memory_;             // rows of a source, not yet committed
    std::vector<std::uint64_t> submitted_before_;
    bool stopping_ = false;
};

house::house(const configuration& c, logger log)
    : c_(c), log_(std::move(log)),
      store_({.file = c.settings.live_db(),
              .history = c.settings.history_dir(),
              .post = [this](auto f) { asio::post(loop_, std::move(f)); },
              .complain = [this](auto what) { log_(sdk::level::error, "store", what); },
              .fed =
                  [this] {
                      if (teller_)
                          teller_->fed();
                  },
              .now = now_,
              .ballast = ballast}),
      for_api_(c.settings.live_db(), c.settings.history_dir()),
      for_care_(c.settings.live_db(), c.settings.history_dir()),
      tasks_(loop_.get_executor(),
             [this](auto task, auto what) {
                 log_(sdk::level::error, "loop", std::string(task) + ": " + std::string(what));
             }),
      links_(loop_.get_executor(), [this](auto task, auto what) {
          log_(sdk::level::error, "links", std::string(task) + ": " + std::string(what));
      }) {
    clock_.not_before(store_.clock_noted(), read_clocks());
    number_names();
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
            .taken_in = [this](name_id source, auto ids) { taken_in(source, std::move(ids)); },
            .decode = decoded,
            .encode = [](coding code,
                         std::string_view text) { return encoding::encode_single(code, text); }});
    open_lanes();
    auto found = store_.recover(now_());
    if (!found.uncertain.empty())
        log_(sdk::level::warn, "store",
             "parts left without an answer when the daemon stopped: " +
                 std::to_string(found.uncertain.size()) + ", now uncertain");
    desk_->recover(found);
    wire_intake();
    watch_ = std::make_unique<api::desk_watch>(*desk_, store_);
    api_ = std::make_unique<api::server>(loop_.get_executor(), c.settings.socket, for_api_,
                                         api_surroundings());
}

void house::number_names() {
    for (const auto& s : c_.catalogue->sources) {
        sources_[s.name] = store_.number_of("source", s.name);
        source_names_[sources_[s.name]] = s.name;
    }
    for (const auto& [number, name] : store_.names("source"))
        source_names_[number] = name; // also those that were configured once
    for (const auto& t : c_.catalogue->types)
        types_[t.name] = store_.number_of("type", t.name);
    pools_["sms"] = store_.number_of("pool", "sms");
}

delivery::desk_settings house::desk_settings() const {
    delivery::desk_settings out{.retry = c_.settings.retry,
                                .receipt_wait = c_.settings.receipt_wait};
    for (const auto& t : c_.catalogue->types)
        out.types[types_.at(t.name)] = {t.uncertain_wait, t.hold_for};
    return out;
}

void house::open_lanes() {
    for (const auto& a : c_.accounts) {
        delivery::lane_settings s{.account = a.settings.name,
                                  .adapter = a.settings.adapter,
                                  .account_number = store_.number_of("account", a.settings.name),
                                  .pool = store_.number_of("pool", a.settings.pool),
                                  .rate = a.settings.rate,
                                  .test = a.settings.delivery == settings::delivery::test,
                                  .repeat_safe = a.plugin->repeat_safe};
        s.allow.insert(a.settings.allow.begin(), a.settings.allow.end());
        if (a.declares("sender"))
            s.sender = a.options.text("sender");
        if (a.declares("receipts"))
            s.receipts = a.options.flag("receipts");
        auto& lane = desk_->add_lane(std::move(s), loop_.get_executor());
        lane.use(a.plugin->create(lane, a.options));
    }
}

void house::wire_intake() {
    again_ = std::make_unique<intake::preparer>(c_.catalogue, static_cast<unsigned>(random_()));
    drain_ = std::make_unique<intake::drain>(
        intake::drain_options{.directory = c_.settings.outbox_dir}, c_.catalogue,
        intake::drain_reports{
            .deliver =
                [this](std::string source, std::vector<intake::prepared> rows) {
                    auto batch = std::make_shared<std::vector<intake::prepared>>(std::move(rows));
                    asio::post(loop_, [this, source = std::move(source), batch] {
                        take(source, std::move(*batch));
                    });
                },
            .problem =
                [this](const std::string& file, const std::string& what) {
                    log_(what.empty() ? sdk::level::info : sdk::level::warn, "intake",
                         "outbox " + file + ": " + (what.empty() ? "in use" : what));
                }},
        now_);
    teller_ = std::make_unique<feedback::teller>(
        feedback::teller_settings{
            .live = c_.settings.live_db(),
            .history = c_.settings.history_dir(),
            .results = c_.settings.result_dir,
            .sources = source_names_,
            .keep_results = c_.settings.keep_results,
            .now = now_,
            .complain = [this](auto what) { log_(sdk::level::error, "feedback", what); }},
        store_);
}

store::add_event house::completed(name_id source, intake::prepared row) const {
    store::add_event out{.event = std::move(row.event),
                         .message = std::move(row.message),
                         .parked = std::move(row.parked),
                         .source = source,
                         .at = now_()};
    if (out.parked.empty()) {
        out.message.source = source;
        out.message.type = types_.at(out.event.type);
        out.message.pool = pools_.at("sms");
    } else {
        out.message.parts.clear();
    }
    return out;
}

void house::take(const std::string& source, std::vector<intake::prepared> rows) {
    store::fault_point("drained");
    const auto number = sources_.at(source);
    in_memory_[number] += static_cast<std::int64_t>(rows.size());
    std::vector<store::add_event> events;
    events.reserve(rows.size());
    for (auto& row : rows)
        events.push_back(completed(number, std::move(row)));
    desk_->accept(std::move(events));
}

// Told to the drain once per turn of the loop, however many messages were committed in it.
void house::taken_in(name_id source, std::vector<std::int64_t> ids) {
    if (taken_in_.empty())
        asio::post(loop_, [this] {
            for (auto& [number, list] : std::exchange(taken_in_, {})) {
                const auto& name = source_names_.at(number);
                in_memory_[number] -= static_cast<std::int64_t>(list.size());
                drain_->credit(name, list.size());
                drain_->committed(name, std::move(list));
            }
        });
    auto& list = taken_in_[source];
    list.insert(list.end(), ids.begin(), ids.end());
}

// Parked events, prepared again with what is configured now.
void house::retry(std::vector<store::parked_event> events,
                  std::function<void(api::retry_counts)> done) {
    std::vector<store::op> ops;
    auto flows = std::make_shared<std::vector<std::pair<store::flow_name, instant>>>();
    for (auto& e : events) {
        const auto id = e.event.id;
        const auto source = sources_.find(e.event.source);
        auto row = again_->prepare({.event = std::move(e.event)}, now_());
        if (source == sources_.end())
            row.parked = "its source is not configured any more";
        auto whole = completed(source == sources_.end() ? 0 : source->second, std::move(row));
        const auto& m = whole.message;
        flows->emplace_back(store::flow_name{m.pool, m.priority, m.source}, m.due_at);
        ops.emplace_back(store::release_event{id, m, whole.parked, whole.at});
    }
    store_.submit(std::move(ops), [this, flows, done = std::move(done)](auto outcomes) {
        api::retry_counts counts;
        for (std::size_t i = 0; i < outcomes.size(); ++i) {
            const bool now_a_message = outcomes[i].message != 0;
            if (now_a_message)
                desk_->queued((*flows)[i].first, (*flows)[i].second);
            if (outcomes[i].what == store::outcome::code::applied)
                ++(now_a_message ? counts.retried : counts.still_parked);
        }
        done(counts);
    });
}

api::surroundings house::api_surroundings() {
    api::surroundings out;
    out.now = now_;
    out.status = [this] {
        auto s = watch_->snapshot();
        s.started_at = started_at_;
        const auto problems = drain_->problems();
        for (const auto& [name, number] : sources_) {
            api::source_status source{.name = name, .waiting = in_memory_[number]};
            for (const auto& p : problems)
                if (p.file == name + ".db")
                    source.problem = p.what;
            source.missing = !source.problem.empty() &&
                             !std::filesystem::exists(c_.settings.outbox_dir / (name + ".db"));
            s.sources.push_back(std::move(source));
        }
        return s;
    };
    out.uncertain = [this] { return watch_->uncertain(); };
    out.settle = [this](auto message, auto n, bool again, std::string reason) {
        return desk_->settle(message, n, again, std::move(reason));
    };
    out.pause = [this](bool yes) { desk_->pause(yes); };
    out.accept_clock = [this] {
        clock_.accept(read_clocks());
        mind_the_clock(true);
    };
    out.retry = [this](auto events, auto done) { retry(std::move(events), std::move(done)); };
    out.log = [this](auto what) { log_(sdk::level::info, "api", what); };
    return out;
}

// An adapter that throws is started again: its account must not stay silent for ever.
asio::awaitable<void> house::keep_running(delivery::lane& lane) {
    asio::steady_timer pause(loop_);
    while (!stopping_) {
        try {
            co_await lane.adapter().run();
        } catch (const std::exception& e) {
            log_(sdk::level::error, lane.settings().account,
                 std::string("adapter failed: ") + e.what());
        }
        if (stopping_)
            break;
        pause.expires_after(5s);
        co_await pause.async_wait(asio::use_awaitable);
    }
}

// In step with small corrections; now and then noted, so that the next start knows.
void house::mind_the_clock(bool note) {
    const auto r = read_clocks();
    clock_.follow(r);
    if (!note || !clock_.believes(r))
        return;
    std::vector<store::op> ops;
    ops.emplace_back(store::note_clock{r.wall});
    store_.submit(std::move(ops));
}

// Why nothing may be sent; empty when nothing is in the way.
std::string house::trouble() const {
    if (const auto r = read_clocks(); !clock_.believes(r)) {
        const auto shown = [](instant t) {
            return api::rfc3339(std::chrono::floor<std::chrono::seconds>(t));
        };
        return "the clock of this machine says " + shown(r.wall) + ", and " + shown(clock_.now(r)) +
               " was expected: set it, or `posthorn accept-clock` when it is right";
    }
    if (store_.short_of_space())
        return "the disk of " + c_.settings.state_dir.string() + " is full: free space";
    return {};
}

asio::awaitable<void> house::pulse() {
    asio::steady_timer tick(loop_);
    while (!stopping_) {
        const auto why = trouble();
        desk_->halt(why);
        drain_->hold(!why.empty());
        desk_->pulse();
        tick.expires_after(100ms);
        co_await tick.async_wait(asio::use_awaitable);
    }
}

// Once a second the figures, every ten the summary, every minute what waits too long for a receipt.
asio::awaitable<void> house::look_after() {
    asio::steady_timer tick(loop_);
    for (unsigned second = 0; !stopping_; ++second) {
        watch_->sample(now_());
        if (second % 10 == 9)
            summary();
        mind_the_clock(second % 60 == 0);
        if (second % 60 == 0 && desk_->halted().empty()) {
            auto overdue = co_await runtime::run_on(
                reads_, [&] { return for_care_.overdue(now_(), c_.settings.receipt_wait); });
            desk_->give_up(std::move(overdue));
        }
        tick.expires_after(1s);
        co_await tick.async_wait(asio::use_awaitable);
    }
}

void house::summary() {
    submitted_before_.resize(desk_->lanes().size());
    for (std::size_t i = 0; i < desk_->lanes().size(); ++i) {
        const auto& lane = *desk_->lanes()[i];
        const auto sent = lane.submitted() - submitted_before_[i];
        submitted_before_[i] = lane.submitted();
        if (sent > 0)
            log_(sdk::level::info, lane.settings().account,
                 "submitted=" + std::to_string(sent) + " in 10 s, open=" +
                     std::to_string(lane.open()) + "/" + std::to_string(lane.slots()) +
                     " waiting_for_receipts=" + std::to_string(desk_->waiting_for_receipts()));
    }
}

asio::awaitable<void> house::until_told_to_stop() {
    asio::signal_set signals(loop_, SIGTERM, SIGINT);
    const int signal = co_await signals.async_wait(asio::use_awaitable);
    log_(sdk::level::info, "loop",
         std::string("stopping signal=") + (signal == SIGTERM ? "TERM" : "INT"));
    co_await stop();
}

// What was submitted to the store so far is committed, and its callers have heard of it.
asio::awaitable<void> house::all_told() {
    auto start = [this](auto done) {
        auto later = std::make_shared<decltype(done)>(std::move(done));
        store_.submit({}, [later](auto) { (*later)(); });
    };
    co_await asio::async_initiate<const asio::use_awaitable_t<>, void()>(std::move(start),
                                                                         asio::use_awaitable);
}

asio::awaitable<void> house::stop() {
    stopping_ = true;
    co_await runtime::run_on(reads_, [&] { drain_->stop(); });
    for (const auto& lane : desk_->lanes()) {
        lane->stop();
        lane->adapter().stop();
    }
    co_await all_told();    // what was opened in the last moment is taken back
    co_await links_.wait(); // adapters wait for answers
    desk_->flush();
    co_await api_->stop();
    co_await runtime::run_on(reads_, [&] { store_.stop(); });
    co_await runtime::run_on(reads_, [&] { teller_->stop(); });
}

void house::run() {
    store_.start();
    teller_->start();
    for (const auto& lane : desk_->lanes())
        links_.spawn("account " + lane->settings().account, keep_running(*lane));
    api_->start();
    tasks_.spawn("pulse", pulse());
    tasks_.spawn("care", look_after());
    tasks_.spawn("signals", until_told_to_stop());
    drain_->start();
    log_(sdk::level::info, "loop", "ready socket=" + c_.settings.socket.string());
    loop_.run();
    log_(sdk::level::info, "loop", "stopped");
}

} // namespace

void run(const configuration& c, logger log) {
    const state_lock alone(c.settings.state_dir); // before anything there is read or mended
    store::configure();
    std::filesystem::create_directories(c.settings.outbox_dir);
    std::filesystem::create_directories(c.settings.result_dir);
    house(c, std::move(log)).run();
}

} // namespace posthorn::gateway
