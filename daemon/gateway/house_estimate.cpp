// What texts would cost: each by the account that comes first for it now, in the parts which that makes of it.
#include "gateway/house.hpp"

#include "encoding/parts.hpp"

namespace posthorn::gateway {

namespace {

struct estimate_sum {
    std::int64_t messages = 0, parts = 0;
    millionths price = 0;
};

} // namespace

// Before an account is chosen; 0: it is too long.
unsigned house::parts_as_made(const std::string& text) const {
    encoding::split_options limits;
    limits.max_parts = c_->settings.max_parts;
    const auto split = encoding::split(text, limits);
    return split ? static_cast<unsigned>(split->parts.size()) : 0;
}

// Or why the account cannot carry it.
boost::system::result<unsigned, std::string>
house::parts_by(const std::string& account, const std::string& text, unsigned as_made) const {
    auto* lane = desk_->lane_named(account);
    if (lane == nullptr || !lane->makes_parts())
        return as_made;
    message m;
    m.text = text;
    const auto made = lane->parts_for(m);
    if (!made)
        return made.error();
    return static_cast<unsigned>(made->made.parts.size());
}

// A place in the routes' accounts; nothing where none carries it. One that can now comes before others.
std::optional<std::size_t> house::first_account_of(std::size_t pool) const {
    const auto& routes = *c_->routes;
    std::optional<std::size_t> first;
    std::pair<bool, unsigned> best; // it cannot now; its tier
    for (const auto& one : routes.candidates(pool, qualities())) {
        const std::pair rank(!why_it_cannot(routes.accounts()[one.account].name).empty(), one.tier);
        if (first && best <= rank)
            continue;
        first = one.account;
        best = rank;
    }
    return first;
}

api::text_trial house::estimate(const std::string& type_name,
                                const std::vector<api::estimated_text>& texts) const {
    const auto* type = c_->catalogue->type_named(type_name);
    if (type == nullptr)
        return {.refusal = "there is no type '" + type_name + "' in what the daemon has read",
                .would = {}};
    const auto& routes = *c_->routes;
    std::map<std::size_t, std::optional<std::size_t>> first; // by pool
    std::map<std::pair<std::string, std::string>, estimate_sum> sums;
    std::int64_t by_none = 0;
    for (const auto& one : texts) {
        const auto as_made = parts_as_made(one.text);
        const auto pool = routes.pool_of(
            {.of = type->category, .recipient = one.number, .parts = std::max(1U, as_made)});
        const auto found = first.find(pool);
        const auto by = found != first.end()
                            ? found->second
                            : first.emplace(pool, first_account_of(pool)).first->second;
        const auto parts = as_made > 0 && by
                               ? parts_by(routes.accounts()[*by].name, one.text, as_made)
                               : boost::system::result<unsigned, std::string>(0U);
        if (!parts || *parts == 0) {
            ++by_none;
            continue;
        }
        const auto price = routes.price(*by, one.number);
        const auto& account = routes.accounts()[*by];
        auto& sum = sums[{account.name, price ? account.prices.currency : std::string()}];
        ++sum.messages;
        sum.parts += *parts;
        sum.price += price.value_or(0) * *parts;
    }
    boost::json::array rows;
    for (const auto& [of, sum] : sums) {
        auto& row = rows.emplace_back(boost::json::object{{"account", of.first},
                                                          {"messages", sum.messages},
                                                          {"parts", sum.parts}})
                        .get_object();
        if (!of.second.empty()) {
            row["price"] = shown_price(sum.price);
            row["currency"] = of.second;
        }
    }
    return {.refusal = {}, .would = {{"estimate", std::move(rows)}, {"by_no_account", by_none}}};
}

} // namespace posthorn::gateway
