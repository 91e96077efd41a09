#include "delivery/brake.hpp"

namespace posthorn::delivery {

brake::run& brake::run_of(const message& m, std::string_view type) {
    const scope which =
        m.run.empty() ? scope{scope_kind::type, std::string(type)} : scope{scope_kind::run, m.run};
    name key{m.source, shown(which)};
    const auto [found, fresh] = runs_.try_emplace(key);
    if (!fresh)
        return found->second;
    found->second.which = which;
    oldest_.push_back(std::move(key));
    if (oldest_.size() > most_runs) {
        std::erase_if(first_, [&](const auto& f) { return f.second == oldest_.front(); });
        runs_.erase(oldest_.front());
        oldest_.pop_front();
    }
    return found->second;
}

std::optional<brake_order> brake::leaves(const message& m, std::string_view type) {
    if (!settings_.on)
        return std::nullopt;
    auto& r = run_of(m, type);
    if (r.trusted)
        return std::nullopt;
    if (r.left < settings_.first) {
        ++r.left;
        return std::nullopt;
    }
    if (goes_on(r))
        return std::nullopt; // the receipts were faster
    r.paused = true;
    return brake_order{true, r.which,
                       "its first " + std::to_string(r.left) +
                           " messages have left: it goes on "
                           "by itself when at least " +
                           std::to_string(settings_.enough) + " receipts have come and " +
                           std::to_string(settings_.good) + " % of them say delivered"};
}

void brake::left(const message& m, std::string_view type) {
    if (!settings_.on)
        return;
    const auto& r = run_of(m, type);
    if (!r.trusted)
        first_.emplace(m.id, name{m.source, shown(r.which)});
}

std::optional<brake_order> brake::goes_on(run& r) const {
    const auto all = r.delivered + r.failed;
    if (all < settings_.enough || r.delivered * 100 < settings_.good * all)
        return std::nullopt;
    r.trusted = true;
    if (!std::exchange(r.paused, false))
        return brake_order{};
    return brake_order{false, r.which,
                       std::to_string(r.delivered) + " of " + std::to_string(all) +
                           " receipts say delivered"};
}

std::optional<brake_order> brake::receipt(posthorn::id message, bool delivered) {
    const auto found = first_.find(message);
    if (found == first_.end())
        return std::nullopt;
    auto& r = runs_.at(found->second);
    first_.erase(found);
    ++(delivered ? r.delivered : r.failed);
    if (!r.paused)
        return std::nullopt; // it is asked when the message after the first wants to leave
    return goes_on(r);
}

std::optional<brake_order> brake::answered(const message& m, std::string_view type, bool rejected) {
    if (!settings_.on)
        return std::nullopt;
    auto& r = run_of(m, type);
    r.rejected[r.answers++ % judged] = rejected;
    if (!rejected || r.answers < judged)
        return std::nullopt;
    const auto bad = r.rejected.count();
    if (bad * 100 <= settings_.rejects * judged)
        return std::nullopt;
    r.rejected.reset();
    r.answers = 0;
    return brake_order{true, r.which,
                       std::to_string(bad) + " of its last " + std::to_string(judged) +
                           " parts were rejected by the carrier"};
}

void brake::let_go(const scope& which) {
    for (auto& [key, r] : runs_) {
        if (r.which != which)
            continue;
        r.trusted = true;
        r.paused = false;
        r.rejected.reset();
        r.answers = 0;
        std::erase_if(first_, [&](const auto& f) { return f.second == key; });
    }
}

} // namespace posthorn::delivery
