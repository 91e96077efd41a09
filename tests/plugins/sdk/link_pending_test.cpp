#include "sdk/link/outgoing.hpp"
#include "sdk/link/pending.hpp"

#include <doctest/doctest.h>

#include <deque>
#include <map>
#include <random>

namespace link_pending_test {

using posthorn::sdk::outgoing;
using posthorn::sdk::pending_table;

TEST_CASE("link: the pending table behaves like a map and a queue") {
    constexpr unsigned capacity = 37;
    pending_table table(capacity);
    std::map<std::uint32_t, std::uint64_t> model;
    std::deque<std::uint32_t> order;
    std::mt19937 random(1);
    std::uint32_t sequence = 0;
    for (int step = 0; step < 20000; ++step) {
        sequence += static_cast<std::uint32_t>(1 + random() % 40); // gaps, so that buckets collide
        CHECK(table.full() == (model.size() == capacity));
        if (!table.full()) {
            table.insert({sequence, sequence * 3ULL, 0, {}});
            model[sequence] = sequence * 3ULL;
            order.push_back(sequence);
        }
        while (!order.empty() && (table.full() || random() % 2 == 0)) {
            const auto at = random() % order.size();
            const auto wanted = order[at];
            order.erase(order.begin() + static_cast<std::ptrdiff_t>(at));
            const auto found = table.take(wanted);
            REQUIRE(found);
            CHECK(found->handle == model[wanted]);
            model.erase(wanted);
            CHECK(!table.contains(wanted));
        }
        REQUIRE(table.size() == model.size());
        REQUIRE(table.empty() == model.empty());
        if (!order.empty())
            REQUIRE(table.oldest().sequence == order.front());
    }
}

TEST_CASE("link: the write buffer knows what the kernel took") {
    outgoing out;
    CHECK(out.empty());
    out.tail() += "hello";
    CHECK(out.appended() == 5);
    CHECK(out.next() == "hello");
    out.tail() += "world"; // gathers while the first is being written
    CHECK(out.appended() == 10);
    out.took(2);
    CHECK(out.next() == "llo");
    out.took(3);
    CHECK(out.taken() == 5);
    CHECK(!out.empty());
    CHECK(out.next() == "world");
    out.took(5);
    CHECK(out.empty());
    CHECK(out.appended() == 10);
}

} // namespace link_pending_test
