// Of a hundred texts that an account's carrier has reported on lately, so many arrived.
#pragma once

#include "model/message.hpp"
#include "model/state.hpp"

#include <map>
#include <optional>

namespace posthorn::delivery {

class qualities {
public:
    // Receipts only.
    void heard(name_id account, part_event what) {
        if (what != part_event::deliver && what != part_event::fail && what != part_event::expire)
            return;
        auto& seen = seen_[account];
        seen.arrived += what == part_event::deliver;
        if (++seen.all >= most_counted) { // the latest weigh most
            seen.all /= 2;
            seen.arrived /= 2;
        }
    }

    // Nothing before there are enough to judge by.
    std::optional<unsigned> of(name_id account) const {
        constexpr unsigned enough = 50;
        const auto found = seen_.find(account);
        if (found == seen_.end() || found->second.all < enough)
            return std::nullopt;
        return found->second.arrived * 100 / found->second.all;
    }

private:
    static constexpr unsigned most_counted = 2000;
    struct counts {
        unsigned arrived = 0, all = 0;
    };
    std::map<name_id, counts> seen_;
};

} // namespace posthorn::delivery
