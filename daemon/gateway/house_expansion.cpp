// What events for many need of the house.
#include "gateway/house.hpp"

#include <algorithm>

namespace posthorn::gateway {

expansion_needs house::needs_of_expansion() {
    return {.loop = loop_,
            .desk = *desk_,
            .live = c_->settings.live_db(),
            .now = now_,
            .log = [this](sdk::level l, auto what) { log_(l, "expansion", what); },
            .stands_still = [this] { return stopping_ || !desk_->halted().empty(); },
            .type_named =
                [this](const std::string& name) -> std::shared_ptr<const templates::event_type> {
                const auto* type = c_->catalogue->type_named(name);
                return {c_->catalogue, type}; // lives as long as its catalogue
            },
            .place_of = [this](const event& of) { return place_of(of); },
            .pools_beside =
                [this](name_id pool) {
                    const auto& all = pools_of_routes_;
                    return std::ranges::count(all, pool) > 0 ? all : std::vector<name_id>{pool};
                },
            .spared = [this](const event& of,
                             const std::string& account) { return spared(of.type, account); },
            .made = [this](const event& of, channel by, const std::string& recipient,
                           const boost::json::object& data) -> result<message> {
                const auto* type = c_->catalogue->type_named(of.type);
                const bool may_text = type != nullptr && type->goes_by(channel::sms);
                if (by == channel::email && may_text &&
                    std::ranges::none_of(c_->accounts, carries_letters))
                    return refuse("no account carries e-mail");
                auto made = again_->message_for(of, by, recipient, data, now_());
                if (!made)
                    return made;
                const auto place = place_of(of);
                made->source = place.source;
                made->type = place.type;
                made->pool = pool_of(*made);
                made->run = of.run;
                return made;
            }};
}

std::vector<std::string> house::unexpanded() const {
    std::vector<std::string> out;
    for (const auto& [event, why] : expansion_->figures().stuck)
        out.push_back("event " + std::to_string(event) + ": " + why);
    return out;
}

message house::place_of(const event& of) const {
    message m;
    m.source = sources_.at(of.source);
    m.type = types_.at(of.type);
    m.pool = pool_of(m);
    if (const auto* type = c_->catalogue->type_named(of.type)) {
        m.priority = type->priority;
        if (!type->goes_by(channel::sms))
            m.pool = pools_.find(name_of(channel::email))->second;
    }
    return m;
}

} // namespace posthorn::gateway
