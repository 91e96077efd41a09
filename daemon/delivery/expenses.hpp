// What accepted parts cost, until their verdicts are committed.
#pragma once

#include "store/ops.hpp"

#include <map>
#include <utility>
#include <vector>

namespace posthorn::delivery {

class expenses {
public:
    void add(const store::cost_line& of, std::int64_t parts, std::int64_t price) {
        auto& sum = open_[of];
        sum.parts += parts;
        sum.price += price;
    }

    // Adds an operation for each line.
    void move_to(std::vector<store::op>& ops) {
        for (auto& [of, sum] : std::exchange(open_, {}))
            ops.emplace_back(store::add_cost{of, sum.parts, sum.price});
    }

private:
    struct sums {
        std::int64_t parts = 0, price = 0;
    };
    std::map<store::cost_line, sums> open_;
};

} // namespace posthorn::delivery
