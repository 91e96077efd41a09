// Accounts: a lane for each, its adapter kept running, exchanged, or let go.
#include "gateway/house.hpp"
#include "runtime/run_on.hpp"

#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <set>

namespace posthorn::gateway {

using namespace std::chrono_literals;

namespace {

// Each once, as they begin texts.
std::vector<std::string> signatures_of(const std::vector<templates::event_type>& types) {
    std::set<std::string> all;
    for (const auto& type : types)
        for (const auto& wording : type.texts)
            all.insert(wording.signature);
    all.erase("");
    return {all.begin(), all.end()};
}

} // namespace

delivery::lane_settings house::lane_settings_of(const account& a) const {
    delivery::lane_settings s{.account = a.settings.name,
                              .adapter = a.settings.adapter,
                              .pool_name = a.settings.pool,
                              .own_pool_name = own_pool(a.settings.name),
                              .account_number = accounts_.at(a.settings.name),
                              .pool = pools_.at(a.settings.pool),
                              .own_pool = pools_.at(own_pool(a.settings.name)),
                              .rate = a.settings.rate,
                              .test = a.settings.delivery == settings::delivery::test,
                              .repeat_safe = a.plugin->repeat_safe,
                              .takes_back = a.settings.takes_back};
    s.allow.insert(a.settings.allow.begin(), a.settings.allow.end());
    s.texts = a.settings.texts.rules;
    if (a.settings.texts.signature == settings::signed_by::carrier)
        s.texts.cut_off = signatures_of(c_->catalogue->types);
    s.max_parts = c_->settings.max_parts;
    if (a.declares("sender"))
        s.sender = a.options.text("sender");
    s.extended = a.settings.extensions;
    if (s.extended)
        for (const auto& source : c_->settings.sources)
            if (!source.extension.empty())
                s.extensions[sources_.at(source.name)] = source.extension;
    s.bounces = a.plugin->channel == sdk::channel::email;
    s.receipts = a.gives_receipts();
    s.hours = a.routed.carries.hours;
    if (!a.routed.prices.parts.empty()) {
        s.currency = a.routed.prices.currency;
        s.price = [prices = routing::prices(a.routed.prices)](std::string_view recipient) {
            return prices.of(recipient);
        };
    }
    return s;
}

delivery::lane& house::open_lane(const account& a) {
    auto& lane = desk_->add_lane(lane_settings_of(a), loop_.get_executor());
    if (const auto known = learned_.find(lane.settings().account_number); known != learned_.end())
        lane.know(known->second);
    lane.use(a.plugin->create(lane, a.options));
    return lane;
}

// An adapter that throws is started again: its account must not stay silent for ever. One that was
// told to end makes room for what is configured now.
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
        if (ending_.contains(&lane)) {
            co_await all_told(); // nothing that knows the old adapter is on its way any more
            if (stopping_ || !may_go_on(lane))
                break;
            if (!ending_.contains(&lane))
                continue;
        }
        pause.expires_after(5s);
        co_await pause.async_wait(asio::use_awaitable);
    }
}

// Also when its new adapter cannot be made: then that is tried again, or another configuration comes.
bool house::may_go_on(delivery::lane& lane) {
    try {
        return begin_again(lane);
    } catch (const std::exception& e) {
        log_(sdk::level::error, lane.settings().account,
             std::string("adapter cannot be made: ") + e.what());
        ending_.insert(&lane);
        return true;
    }
}

// False when the account is gone, and its lane with it.
bool house::begin_again(delivery::lane& lane) {
    const auto name = lane.settings().account;
    ending_.erase(&lane);
    const auto* a = account_named(*c_, name);
    if (a == nullptr) {
        desk_->remove(lane);
        log_(sdk::level::info, name, "account left");
        return false;
    }
    lane.use(lane_settings_of(*a));
    lane.wind_up(false);
    lane.use(a->plugin->create(lane, a->options));
    log_(sdk::level::info, name, "account begins again with its new settings");
    return true;
}

// Its adapter waits for what it has sent, and closes the link; keep_running() goes on from there.
void house::end_link(delivery::lane& lane) {
    if (!ending_.insert(&lane).second)
        return;
    lane.stop();
    lane.adapter().stop();
}

// What accounts have learned since the last time.
void house::keep_learned() {
    std::vector<store::op> ops;
    for (const auto& l : desk_->lanes())
        if (auto news = l->news()) {
            learned_.insert_or_assign(news->account, *news);
            ops.emplace_back(*std::move(news));
        }
    if (!ops.empty())
        store_.submit(std::move(ops));
}

void house::change_accounts(const configuration& before) {
    std::map<std::string, delivery::lane*> lanes;
    for (const auto& l : desk_->lanes())
        lanes[l->settings().account] = l.get();
    for (const auto& a : c_->accounts) {
        const auto found = lanes.extract(a.settings.name);
        const auto* old = account_named(before, a.settings.name);
        if (!found) {
            auto& lane = open_lane(a);
            links_.spawn("account " + a.settings.name, keep_running(lane));
        } else if (old && old->same_link(a) && !ending_.contains(found.mapped())) {
            found.mapped()->use(lane_settings_of(a));
        } else {
            end_link(*found.mapped());
        }
    }
    for (const auto& [name, lane] : lanes)
        lane->wind_up(true);
}

// Accounts that are configured no more, and have nothing at their carrier any more.
asio::awaitable<void> house::let_go() {
    std::vector<std::string> leaving;
    for (const auto& l : desk_->lanes())
        if (l->winding_up() && !ending_.contains(l.get()))
            leaving.push_back(l->settings().account);
    for (const auto& name : leaving) {
        const auto live =
            co_await runtime::run_on(reads_, [&] { return for_care_.live_of_account(name); });
        if (auto* l = desk_->lane_named(name);
            l != nullptr && l->winding_up() && live.messages == 0 && l->open() == 0)
            end_link(*l);
    }
}

} // namespace posthorn::gateway
