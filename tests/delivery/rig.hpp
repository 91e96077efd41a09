// A whole sending side for tests: a real store on a real file, a desk, one lane, a carrier that
// answers only when it is told to, and a clock that stands still. Nothing moves between two calls:
// settle() runs the loop until store and loop have nothing left to do. The carrier remembers across
// crash().
#pragma once

#include "delivery/desk.hpp"
#include "delivery/sweeper.hpp"

#include "store/plain_store.hpp"
#include "store/reader.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>

#include <deque>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <stdexcept>

namespace rig {

using namespace posthorn;
using namespace std::chrono_literals;

inline const bool configured = (store::configure(), true); // before any connection

// What the carrier told us about a submission; `lost`: we died before it could.
enum class answer : std::uint8_t {
    none,
    accepted,
    deferred,
    throttled,
    rejected,
    elsewhere, // rejected for what the account is
    opted_out, // rejected, and for good
    uncertain,
    lost
};

struct submission {
    std::uint64_t handle = 0;
    std::string octets;
    bool udh = false;
    sdk::coding coding = sdk::coding::gsm7;
    instant at{};
    std::string ref; // what the carrier calls it, whether it says so or not
    rig::answer said = answer::none;
    int receipts = 0; // receipts of it that were sent
    std::uint16_t reference = 0;
    std::string type; // of the event
    std::string sender;
};

struct carrier {
    std::vector<submission> seen;
    unsigned refs = 0;
    sdk::cancellation::kind on_cancel = sdk::cancellation::kind::cancelled;
    std::vector<std::string> taken_back; // refs it was asked to take back
};

class scripted final : public sdk::adapter {
public:
    using watch = std::function<void(const sdk::unit&)>;
    scripted(carrier& c, std::function<instant()> now, watch before, sdk::carriage carries,
             bool one_link)
        : carrier_(c), now_(std::move(now)), before_(std::move(before)), carries_(carries),
          one_link_(one_link) {}

    sdk::carriage carries() const override { return carries_; }
    bool one_link() const override { return one_link_; }
    boost::asio::awaitable<void> run() override { co_return; }
    void submit(std::span<const sdk::unit> units) override {
        for (const auto& u : units) {
            if (before_)
                before_(u);
            carrier_.seen.push_back({.handle = u.handle,
                                     .octets = std::string(u.octets),
                                     .udh = u.udh,
                                     .coding = u.coding,
                                     .at = now_(),
                                     .ref = "r" + std::to_string(++carrier_.refs),
                                     .reference = u.reference,
                                     .type = std::string(u.type),
                                     .sender = std::string(u.sender)});
        }
    }
    void stop() override {}
    void cancel(const sdk::accepted_part& which,
                std::function<void(sdk::cancellation)> done) override {
        carrier_.taken_back.push_back(which.ref);
        done({carrier_.on_cancel, "as asked"});
    }

private:
    carrier& carrier_;
    std::function<instant()> now_;
    watch before_;
    sdk::carriage carries_ = {};
    bool one_link_ = false;
};

// Callbacks of the store that have not run yet; a crash forgets them.
class unheard {
public:
    void push(std::function<void()> f) {
        const std::lock_guard lock(lock_);
        waiting_.push_back(std::move(f));
    }
    void run_one() {
        std::unique_lock lock(lock_);
        if (waiting_.empty() || deaf_)
            return;
        auto f = std::move(waiting_.front());
        waiting_.pop_front();
        lock.unlock();
        f();
    }
    void deaf() { deaf_ = true; }
    void clear() {
        const std::lock_guard lock(lock_);
        waiting_.clear();
        deaf_ = false;
    }

private:
    std::mutex lock_;
    std::deque<std::function<void()>> waiting_;
    bool deaf_ = false;
};

struct setup {
    unsigned window = 2;
    unsigned rate = 0;
    bool receipts = true;
    delivery::type_rules rules{.uncertain_wait = 2s, .hold_for = 60s, .name = "bill"};
    scripted::watch before_submit;
    sdk::carriage carries = {};
    bool one_link = false;
    delivery::brake_settings brake;
    std::shared_ptr<const policy::rules> policy = {};
    encoding::text_rules texts = {};
    std::vector<delivery::lane_settings> others = {}; // more lanes, with the same carrier
    bool second = false;                              // another account, of the same pool
    delivery::seats seats = {};
};

// A part to a Chinese number costs 0.045 CNY.
inline void price(delivery::lane& l) {
    auto settings = l.settings();
    settings.currency = "CNY";
    settings.price = [](std::string_view recipient) {
        return recipient.starts_with("86") ? std::optional<std::int64_t>(45'000) : std::nullopt;
    };
    l.use(std::move(settings));
}

constexpr name_id pool = 1, account = 5, second_account = 6, source = 2, type = 7;
constexpr duration receipt_wait = 120s;

class sending_side {
public:
    explicit sending_side(setup s) : setup_(std::move(s)) {
        live_db::copy_new_store(folder_.path());
        start();
    }
    ~sending_side() { tear_down(); }

    void start() {
        loop_ = std::make_unique<boost::asio::io_context>(1);
        work_.emplace(loop_->get_executor());
        store_ = std::make_unique<store::store>(store::store_options{
            .file = file(),
            .history = folder_ / "history",
            .post =
                [this](auto f) {
                    unheard_->push(std::move(f));
                    boost::asio::post(*loop_, [box = unheard_] { box->run_one(); });
                },
            .complain = [](auto what) { throw std::runtime_error(std::string(what)); },
            .now = [this] { return now; }});
        if (store_->number_of("pool", "sms") != pool || store_->number_of("source", "s2") != source)
            throw std::runtime_error("the store numbers names in another way");
        auto found = store_->recover(now);
        delivery::desk_settings settings{.retry = {.first = 1s, .longest = 10s},
                                         .receipt_wait = receipt_wait,
                                         .types = {{type, setup_.rules}},
                                         .brake = setup_.brake,
                                         .policy = setup_.policy,
                                         .seats = setup_.seats};
        desk_ = std::make_unique<delivery::desk>(
            std::move(settings),
            delivery::desk_surroundings{
                .store = *store_,
                .now = [this] { return now; },
                .random = [] { return 0U; },
                .log = [](auto, auto, auto) {},
                .taken_in = [this](auto, const auto& rows) { taken_in += rows.outbox_ids.size(); },
                .decode = [](const auto& t) { return t.octets; },
                .encode = [](auto, auto text) { return std::string(text); },
                .source_name = [](auto n) { return "s" + std::to_string(n); },
                .goes_on = [this] { ++gone_on; },
                .may_go_by_email = [this] { ++by_email; },
                .admit = {},
                .texts_came = {},
                .link_lost = [this](auto, auto proven) { links_lost.push_back(proven); },
                .set_consent =
                    [this](auto what) {
                        words.push_back(what);
                        desk_->set_consent(std::move(what), {}, [](auto&) {});
                    }});
        lane_ = &desk_->add_lane({.account = "a",
                                  .account_number = account,
                                  .pool = pool,
                                  .rate = setup_.rate,
                                  .test = false,
                                  .sender = "1069",
                                  .receipts = setup_.receipts,
                                  .texts = setup_.texts,
                                  .max_parts = 10},
                                 loop_->get_executor());
        lane_->use(std::make_unique<scripted>(
            carrier_, [this] { return now; }, setup_.before_submit, setup_.carries,
            setup_.one_link));
        others_.clear();
        for (const auto& other : setup_.others) {
            others_.push_back(&desk_->add_lane(other, loop_->get_executor()));
            others_.back()->use(std::make_unique<scripted>(
                carrier_, [this] { return now; }, setup_.before_submit, sdk::carriage{}, false));
        }
        if (setup_.second)
            open_second();
        desk_->recover(found);
        found = {};
        store_->start();
        reading_ = std::make_unique<SQLite::Database>(
            store::open_database(file(), store::access::read_only, 500));
        lane_->slots(setup_.window, "up");
        for (const auto& other : others_)
            other->slots(setup_.window, "up");
        if (second_)
            second_->slots(setup_.window, "up");
        up = true;
        pulse();
    }

    // As SIGKILL leaves it: what was committed stays, what was not told is not known.
    void crash() {
        tear_down();
        for (auto& s : carrier_.seen)
            if (s.said == answer::none)
                s.said = answer::lost;
        start();
    }

    // Runs until neither the loop nor the store has anything left to do; how much there was.
    std::size_t settle() {
        std::size_t total = 0;
        for (std::size_t ran = 1; ran > 0; total += ran) {
            total += loop_->poll();
            bool done = false;
            store_->submit({}, [&done](auto) { done = true; });
            for (ran = 0; !done; ++ran)
                loop_->run_one();
            ran += loop_->poll() - 1;
        }
        return total;
    }
    void pulse() {
        desk_->pulse();
        for (int i = 0; i < 5 && settled_anything(); ++i)
            desk_->pulse();
    }
    // More than the lane's turn and its old timer; or it was committed, for what the store has to tell
    // at one go counts once.
    bool settled_anything() {
        const auto before = store_->figures().operations;
        return settle() > 2 || store_->figures().operations != before;
    }
    void pass(duration d) {
        now += d;
        pulse();
    }

    message new_message(std::size_t parts, on_uncertain doubt, duration validity = 20s,
                        priority p = priority::normal) {
        message m{.source = source,
                  .type = type,
                  .pool = pool,
                  .priority = p,
                  .doubt = doubt,
                  .recipient = "8613800000000",
                  .text = "m" + std::to_string(++messages_),
                  .due_at = now,
                  .expires_at = now + validity};
        for (std::size_t n = 1; n <= parts; ++n)
            m.parts.push_back({.n = static_cast<std::uint8_t>(n),
                               .octets = parts == 1 ? m.text : m.text + "p" + std::to_string(n)});
        return m;
    }
    void accept(message m) {
        const auto key = "k" + m.text;
        accept_as(key, std::move(m));
    }
    void accept_as(const std::string& key, message m) {
        store::add_event e{
            .event = live_db::make_event(key, ++rows_, 1), .source = m.source, .at = now};
        e.event.run = m.run;
        e.message = std::move(m);
        std::vector<store::add_event> events;
        events.push_back(std::move(e));
        desk_->accept(std::move(events));
    }

    // Nothing of it left, and it shall not be tried before `after`.
    void tell_not_sent(submission& s, duration after) {
        s.said = answer::deferred;
        const sdk::verdict v{.handle = s.handle,
                             .what = sdk::verdict::kind::deferred,
                             .counts = false,
                             .code = "not sent",
                             .after = after};
        lane_->verdicts(std::span(&v, 1));
    }
    void tell_late(submission& s, answer what) { tell(s, what, {}, true); }
    void tell(submission& s, answer what, duration after = {}, bool late = false) {
        tell_by(*lane_, s, what, after, late);
    }
    void tell_by(delivery::lane& by, submission& s, answer what, duration after = {},
                 bool late = false) {
        using kind = sdk::verdict::kind;
        s.said = what;
        sdk::verdict v{.handle = s.handle,
                       .what = kind::uncertain,
                       .code = "code",
                       .after = after,
                       .late = late};
        switch (what) {
        case answer::accepted:
            v.what = kind::accepted;
            v.ref = s.ref;
            break;
        case answer::throttled:
            v.what = kind::deferred;
            v.counts = false;
            v.throttled = true;
            break;
        case answer::deferred:
            v.what = kind::deferred;
            break;
        case answer::rejected:
            v.what = kind::rejected;
            break;
        case answer::elsewhere:
            v.what = kind::rejected;
            v.elsewhere = true;
            break;
        case answer::opted_out:
            v.what = kind::rejected;
            v.code = "21610";
            v.opted_out = true;
            break;
        default:
            break;
        }
        by.verdicts(std::span(&v, 1));
    }
    void receipt(const std::string& ref, sdk::receipt_state s, const std::string& excerpt,
                 std::function<void()> stored, const std::string& recipient = "8613800000000") {
        lane_->arrived({{.ref = ref,
                         .state = s,
                         .code = "code",
                         .recipient = recipient,
                         .sender = "1069",
                         .excerpt = excerpt}},
                       {}, std::move(stored));
    }
    void receipt_echoing(const submission& s) {
        lane_->arrived({{.ref = s.ref,
                         .state = sdk::receipt_state::delivered,
                         .recipient = "8613800000000",
                         .reference = s.reference}},
                       {}, [] {});
    }
    // The link dies: what was open there is uncertain.
    void link_down() {
        up = false;
        lane_->slots(0, "link lost");
        for (auto& s : carrier_.seen)
            if (s.said == answer::none)
                tell(s, answer::uncertain);
        pulse();
    }
    void link_up() {
        up = true;
        lane_->slots(setup_.window, "up");
        pulse();
    }
    void give_up_overdue() {
        store::reader reader(file(), folder_ / "history");
        desk_->give_up(reader.overdue(now, receipt_wait));
        settle();
    }
    // What can be opened now is opened and committed, and nobody hears of it.
    void open_unheard() {
        desk_->pulse();
        unheard_->deaf();
        loop_->poll();
        stop_store();
    }
    // Whatever was submitted to the store is committed; nobody hears of it.
    void stop_store() { store_->stop(); }

    // What policy has put off is judged anew, as after a reload.
    void look_at_policy() {
        delivery::sweeper sweeper(*desk_, file(), file().parent_path() / "history",
                                  loop_->get_executor());
        sweeper.look_at_policy();
        bool done = false;
        sweeper.look(0, [&](auto) {
            done = true;
            sweeper.stop();
        });
        boost::asio::co_spawn(*loop_, sweeper.run(), boost::asio::detached);
        while (!done)
            loop_->run_one();
        pulse();
    }

    std::filesystem::path file() const { return folder_ / "live.db"; }
    carrier& at_carrier() { return carrier_; }
    delivery::desk& desk() { return *desk_; }
    delivery::lane& lane() { return *lane_; }
    delivery::lane& other() { return *others_.at(0); }
    delivery::lane& second() { return *second_; }
    carrier& at_second() { return carrier_of_second_; }
    boost::asio::io_context& loop() { return *loop_; }
    SQLite::Database& db() { return *reading_; }
    submission* open_submission(const std::string& octets) {
        for (auto& s : carrier_.seen)
            if (s.octets == octets && s.said == answer::none)
                return &s;
        return nullptr;
    }

    instant now = live_db::start_of_time;
    bool up = false;
    std::size_t taken_in = 0;
    std::vector<instant> links_lost;       // what was proven of each
    std::vector<store::set_consent> words; // of the carrier, about consent
    int gone_on = 0;                       // how often the brake has let something go on
    int by_email = 0;                      // how often something was put off that may go by e-mail

private:
    // Callbacks that never ran hold messages, messages report to the desk, and the desk's timers
    // live in the loop: they go in this order.
    void open_second() {
        second_ = &desk_->add_lane({.account = "b",
                                    .account_number = second_account,
                                    .pool = pool,
                                    .test = false,
                                    .sender = "1070"},
                                   loop_->get_executor());
        second_->use(std::make_unique<scripted>(
            carrier_of_second_, [this] { return now; }, setup_.before_submit, setup_.carries,
            setup_.one_link));
    }
    void tear_down() {
        store_->stop();
        reading_.reset();
        work_.reset();
        unheard_->clear();
        desk_.reset();
        store_.reset();
        loop_.reset();
    }

    setup setup_;
    live_db::scratch_folder folder_;
    carrier carrier_, carrier_of_second_;
    std::shared_ptr<unheard> unheard_ = std::make_shared<unheard>();
    std::unique_ptr<boost::asio::io_context> loop_;
    std::optional<boost::asio::executor_work_guard<boost::asio::io_context::executor_type>> work_;
    std::unique_ptr<store::store> store_;
    std::unique_ptr<delivery::desk> desk_;
    std::unique_ptr<SQLite::Database> reading_;
    delivery::lane *lane_ = nullptr, *second_ = nullptr;
    std::vector<delivery::lane*> others_;
    std::int64_t rows_ = 0;
    int messages_ = 0;
};

} // namespace rig
