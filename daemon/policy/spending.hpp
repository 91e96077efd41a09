// What was spent today and this month, and which budgets it uses up.
//
//   parts leave ─► on its way ─► accepted ─► spent        others ─► not on its way any more
//
// A message is kept back while a budget of its source and category is used up, or will be by what is on its
// way; so a burst goes beyond a budget by one message at most. What was spent is known by source and type, so
// that other budgets (a reload) count what went before them. A period never goes back with the clock.
#pragma once

#include "model/message.hpp"
#include "policy/budget.hpp"

#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace posthorn::policy {

// Days are like 20261127, in the site's zone.
class spending {
public:
    struct directory { // what numbers stand for
        std::function<std::string(name_id source)> source;
        std::function<std::optional<posthorn::category>(name_id type)> category;
    };

    explicit spending(directory known) : known_(std::move(known)) {}
    // From now on; what was spent, and for what, is looked up anew.
    void use(std::vector<budget> budgets);
    bool is_limited() const { return !budgets_.empty(); }

    void spent(name_id source, name_id type, std::string_view currency, millionths price,
               std::int32_t day);
    // So much more is on its way, or less.
    void leaves(name_id source, name_id type, std::string_view currency, millionths price);

    // What keeps such a message back, that which lasts longest; null: it may leave.
    const budget_use* in_the_way(name_id source, name_id type, std::int32_t today);
    const std::vector<budget_use>& uses(std::int32_t today);
    // Those that have come to another step since this was asked last.
    std::vector<budget_use> news(std::int32_t today);

private:
    struct sums {
        std::string currency;
        millionths day = 0, month = 0, on_its_way = 0;
    };
    struct line { // of a source and a type
        name_id source = 0, type = 0;
        std::optional<posthorn::category> category;
        std::vector<std::size_t> budgets; // places of those it counts in
        std::vector<sums> of;             // few
    };

    line& line_of(name_id source, name_id type);
    sums& sums_of(line& l, std::string_view currency);
    void find_budgets(line& l) const;
    void add_to_budgets(const line& l, const sums& more);
    void turn_to(std::int32_t day);
    void count_anew();

    directory known_;
    std::vector<budget_use> budgets_;
    std::vector<budget_step> told_; // of each
    std::unordered_map<std::int64_t, line> lines_;
    std::int32_t day_ = 0;
};

} // namespace posthorn::policy
