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

    // Of each line the sum.
    std::vector<store::add_cost> take() {
        std::vector<store::add_cost> out;
        for (auto& [of, sum] : std::exchange(open_, {}))
            out.push_back({of, sum.parts, sum.price});
        return out;
    }

private:
    struct sums {
        std::int64_t parts = 0, price = 0;
    };
    std::map<store::cost_line, sums> open_;
};

} // namespace posthorn::delivery
