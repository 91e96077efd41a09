// Parts whose receipt must come by then, or their text goes by another account. Those that have it by then
// are told apart by who asks.
#pragma once

#include "model/message.hpp"
#include "model/time.hpp"

#include <functional>
#include <queue>
#include <vector>

namespace posthorn::delivery {

struct awaited_receipt {
    instant until{};
    std::uint64_t name = 0; // among references
    posthorn::id message = 0;
    name_id account = 0;
    std::uint8_t failovers = 1; // so often at most

    bool operator>(const awaited_receipt& o) const { return until > o.until; }
};

class awaited_receipts {
public:
    void add(awaited_receipt r) { all_.push(r); }
    std::vector<awaited_receipt> take_due(instant now) {
        std::vector<awaited_receipt> out;
        for (; !all_.empty() && all_.top().until <= now; all_.pop())
            out.push_back(all_.top());
        return out;
    }

private:
    std::priority_queue<awaited_receipt, std::vector<awaited_receipt>, std::greater<>> all_;
};

} // namespace posthorn::delivery
