// What accepted parts cost: short bounded reads of live.db, on a connection of its own beside the writer. One
// thread at a time. Every call ends after two seconds at the latest, by throwing read_failed.
#pragma once

#include "store/ops_cost.hpp"

#include <filesystem>
#include <memory>
#include <string>
#include <vector>

namespace posthorn::store {

// Whole days, in the site's zone: 20261101.
struct cost_wish {
    std::int32_t from = 0, until = 0; // both counted
    std::string by;                   // account, source or type; empty: of all together
};

struct cost_sum {
    std::string name; // of the account, source or type
    std::string currency;
    std::int64_t parts = 0, price = 0;
};

class cost_reader {
public:
    explicit cost_reader(std::filesystem::path live); // opens nothing yet
    ~cost_reader();

    std::vector<cost_sum> of(const cost_wish& wish); // by name and currency
    // Of all accounts together, until that day since its month began; the first one first.
    std::vector<add_cost> of_month(std::int32_t until);

private:
    struct connection;
    template <class Work>
    auto ask(Work work);

    std::filesystem::path live_;
    std::unique_ptr<connection> open_;
};

} // namespace posthorn::store
