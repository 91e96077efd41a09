// Which accounts carry what.
#include "gateway/house.hpp"

#include "model/number.hpp"
#include "model/own_sender.hpp"

#include <boost/json/object.hpp>

#include <algorithm>

namespace posthorn::gateway {

// Names and types have their numbers.
void house::use_routes() {
    pools_of_routes_.clear();
    if (!c_->routes->plain())
        for (const auto& name : c_->routes->pools())
            pools_of_routes_.push_back(pools_.at(name));
    for (const auto& t : c_->catalogue->types)
        categories_[types_.at(t.name)] = t.category;
    extended_sources_.clear();
    for (const auto& s : c_->settings.sources)
        if (!s.extension.empty())
            extended_sources_.insert(sources_.at(s.name));
}

name_id house::pool_of(const message& m) const {
    const auto by = channel_of(m.coding);
    if (by != channel::sms || pools_of_routes_.empty())
        return pools_.find(name_of(by))->second;
    const auto of = categories_.find(m.type);
    const routing::facts f{.of = of == categories_.end() ? category::service : of->second,
                           .recipient = m.recipient,
                           .parts = static_cast<unsigned>(m.parts.size()),
                           .extended = digits_after_own(m.sender).has_value() ||
                                       extended_sources_.contains(m.source)};
    return pools_of_routes_[c_->routes->pool_of(f)];
}

delivery::seats house::seats() const {
    delivery::seats out;
    const auto& accounts = c_->routes->accounts();
    const auto known = qualities();
    for (std::size_t i = 0; i < pools_of_routes_.size(); ++i) {
        auto& of = out[pools_of_routes_[i]];
        for (const auto& c : c_->routes->candidates(i, known))
            of.push_back({accounts_.at(accounts[c.account].name), c.tier, c.weight});
    }
    return out;
}

// None before the desk is there.
routing::qualities house::qualities() const {
    routing::qualities out;
    const auto& accounts = c_->routes->accounts();
    for (std::size_t i = 0; desk_ && i < accounts.size(); ++i)
        if (const auto* lane = desk_->lane_named(accounts[i].name))
            if (const auto known = lane->record().delivered_of_hundred())
                out[i] = *known;
    return out;
}

// So that people are told who carries what waits in a pool.
void house::tell_pools(api::status_snapshot& s) const {
    const auto& routed = c_->routes->accounts();
    for (std::size_t i = 0; i < pools_of_routes_.size(); ++i) {
        const auto& pool = c_->routes->pools()[i];
        const auto all = c_->routes->candidates(i);
        if (all.empty())
            s.uncarried.insert(pool);
        for (const auto& c : all)
            for (auto& a : s.accounts)
                if (a.name == routed[c.account].name)
                    a.ranks[pool] = c.tier;
    }
}

namespace {

boost::json::object shown(const routing::route* r) {
    if (r == nullptr)
        return {{"order", name_of(routing::order::any)}};
    boost::json::object out{{"order", name_of(r->order)}};
    if (r->receipts)
        out["receipts"] = "required";
    if (r->sticky)
        out["sticky"] = true;
    return out;
}

boost::json::object shown(const routing::judgement& j, const std::string& cannot) {
    boost::json::object out{{"account", j.account}, {"carries", j.why_not.empty()}};
    if (j.why_not.empty())
        out["rank"] = j.tier + 1;
    if (const auto& why = j.why_not.empty() ? cannot : j.why_not; !why.empty())
        out["why_not"] = why;
    if (j.price) {
        out["price"] = shown_price(*j.price);
        out["currency"] = j.currency;
    }
    return out;
}

} // namespace

api::text_trial house::try_route(const api::tried_route& what) const {
    const auto number = to_e164(what.number, c_->settings.countries);
    if (!number)
        return {.refusal = "number: " + number.error().reason, .would = {}};
    const auto* type = c_->catalogue->type_named(what.type);
    if (type == nullptr || !type->goes_by(channel::sms))
        return {.refusal = type == nullptr ? "there is no type '" + what.type + "'"
                                           : what.type + " goes by e-mail only",
                .would = {}};
    const auto& sources = c_->settings.sources;
    const auto source = std::ranges::find(sources, what.source, &settings::source_settings::name);
    if (source == sources.end() && !what.source.empty())
        return {.refusal = "there is no source '" + what.source + "'", .would = {}};
    const auto parts = what.text.empty() ? what.parts : parts_as_made(what.text);
    if (parts == 0)
        return {.refusal = "the text cannot be sent: it is too long", .would = {}};
    const routing::facts f{.of = type->category,
                           .recipient = *number,
                           .parts = parts,
                           .extended = source != sources.end() && !source->extension.empty()};
    const auto& routes = *c_->routes;
    const auto pool = routes.pool_of(f);
    boost::json::object out{{"number", *number},
                            {"type", what.type},
                            {"category", name_of(type->category)},
                            {"pool", routes.pools()[pool]},
                            {"route", shown(routes.route_of(pool))}};
    if (const auto carrier = routes.carrier_of(*number); !carrier.empty())
        out["carrier"] = carrier;
    boost::json::array accounts, takes;
    std::optional<unsigned> best;
    for (const auto& j : routes.judged(pool, f, qualities())) {
        const auto cannot = why_it_cannot(j.account);
        auto& row = accounts.emplace_back(shown(j, cannot)).get_object();
        if (!what.text.empty())
            tell_parts(row, j, what.text, parts);
        if (row.contains("why_not") || j.tier != best.value_or(j.tier))
            continue;
        best = j.tier;
        takes.emplace_back(j.account);
    }
    out["accounts"] = std::move(accounts);
    out["would_carry"] = std::move(takes);
    return {.refusal = {}, .would = std::move(out)};
}

// What the account makes of it.
void house::tell_parts(boost::json::object& row, const routing::judgement& j,
                       const std::string& text, unsigned as_made) const {
    const auto parts = parts_by(j.account, text, as_made);
    if (!parts) {
        row["why_not"] = "it cannot carry the text: " + parts.error();
        return;
    }
    row["parts"] = *parts;
    if (j.price)
        row["cost"] = shown_price(*j.price * *parts);
}

std::string house::why_it_cannot(const std::string& account) const {
    const auto* lane = desk_->lane_named(account);
    return lane != nullptr ? lane->why_it_cannot(now_(), desk_->failover_after())
                           : "it has no lane yet";
}

} // namespace posthorn::gateway
