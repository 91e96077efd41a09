// `posthorn accounts test`: over the link that is up, else over one of its own.
#include "gateway/house.hpp"

namespace posthorn::gateway {

namespace {

api::account_trial told(const account& a, std::string over, sdk::finding found) {
    return {.works = found.answered,
            .over = std::move(over),
            .delivery = std::string(
                settings::delivery_names.at(static_cast<std::size_t>(a.settings.delivery))),
            .enabled = a.settings.enabled,
            .why = std::move(found.why),
            .learned = std::move(found.learned)};
}

} // namespace

void house::try_account(const std::string& name, std::function<void(api::account_trial)> done) {
    const auto* found = account_named(*c_, name);
    for (const auto& a : c_->disabled)
        if (a.settings.name == name)
            found = &a;
    std::string refusal;
    if (found == nullptr)
        refusal = "no account is called '" + name + "' in what the daemon has read: a new file " +
                  "needs `posthorn reload`";
    else if (stopping_)
        refusal = "posthornd is stopping";
    else if (trials_.contains(name))
        refusal = "account " + name + " is being tested already";
    if (!refusal.empty())
        return asio::post(loop_, [done = std::move(done), refusal] { done({.refusal = refusal}); });
    if (const auto* lane = desk_->lane_named(name); lane != nullptr && lane->link_up())
        return lane->adapter().probe([this, a = *found, done = std::move(done)](sdk::finding f) {
            asio::post(loop_,
                       [a, done, f = std::move(f)] { done(told(a, "the link that is up", f)); });
        });
    links_.spawn("trial of " + name, try_alone(*found, std::move(done)));
}

asio::awaitable<void> house::try_alone(account which,
                                       std::function<void(api::account_trial)> done) {
    trial t(loop_, which, now_, static_cast<std::uint32_t>(random_()));
    const auto name = which.settings.name;
    trials_[name] = &t;
    auto found = co_await t.run();
    trials_.erase(name);
    co_await all_told(); // nothing that knows its adapter is on its way any more
    done(told(which, "a link of its own, closed again", std::move(found)));
}

} // namespace posthorn::gateway
