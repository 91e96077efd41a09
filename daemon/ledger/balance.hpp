// What auditors ask: whether all that came in, and all that was sent, is accounted for. Pure.
//
//   came in  =  what became of it        for events, messages, and the parts of each account
#pragma once

#include "store/books.hpp"

#include <cstdint>
#include <string>
#include <vector>

namespace posthorn::ledger {

struct term {
    std::string what;
    std::int64_t n = 0;
};

struct balance {
    std::string of; // "events", "messages", "parts of sim", ...
    term total;
    std::vector<term> made_of; // without those that are 0
    std::string means;         // to somebody who answers to an auditor
    std::string otherwise;     // what to do when it does not hold

    std::int64_t sum() const;
    bool holds() const { return sum() == total.n; }
};

// Of the sums of books.
std::vector<balance> balances(const store::book_page& page,
                              const std::map<name_id, std::string>& accounts);

// Of a run, as its rows were counted: what its messages came to.
std::vector<balance> balances_of_rows(const store::book_page& rows, std::int64_t messages);

} // namespace posthorn::ledger
