// What accounts can carry and what routes.yaml says, as it was read. The table (routing/table.hpp) answers
// from it.
#pragma once

#include "model/price.hpp"
#include "model/subscription.hpp"
#include "model/time.hpp"
#include "model/words.hpp"
#include "routing/prefix_map.hpp"

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace posthorn::routing {

// What an account carries; what is empty limits nothing.
struct capability {
    std::vector<category> categories;
    std::vector<std::string> prefixes, not_prefixes; // of numbers, E.164 without '+'
    std::vector<std::string> carriers;               // of the phone, as the table of numbers says
    unsigned longest = 0;                            // parts; 0: any
    std::optional<day_hours> hours;                  // in which it may be used

    bool operator==(const capability&) const = default;
};

// Of a part, by prefix of the number; "" is every other number.
struct price_list {
    std::string currency;
    std::vector<std::pair<std::string, millionths>> parts;

    bool operator==(const price_list&) const = default;
};

// The same, to be asked.
class prices {
public:
    explicit prices(const price_list& all) {
        for (const auto& [prefix, price] : all.parts)
            if (prefix.empty())
                other_ = price;
            else
                known_.put(prefix, price);
    }
    std::optional<millionths> of(std::string_view recipient) const {
        const auto* known = known_.of(recipient);
        return known ? std::optional(*known) : other_;
    }

private:
    prefix_map<millionths> known_;
    std::optional<millionths> other_;
};

struct account {
    std::string name;
    capability carries = {};
    price_list prices = {};
    unsigned weight = 0;   // its share among equals; 0: whoever has room
    bool receipts = true;  // its carrier reports what arrived
    bool extended = false; // digits of ours may follow its sender
};

// `any`: all that can, as they have room; the others begin with one and go on when it cannot.
enum class order : std::uint8_t { any, as_listed, price, quality };

inline constexpr std::array<std::string_view, 4> order_names{"any", "as_listed", "price",
                                                             "quality"};

constexpr std::string_view name_of(order v) { return order_names[static_cast<std::size_t>(v)]; }

// The first route that fits a message counts; what is empty fits everything.
struct route {
    std::vector<category> categories;
    std::vector<std::string> prefixes;
    std::vector<std::string> carriers;
    std::vector<std::string> accounts; // only these
    routing::order order = order::any;
    bool receipts = false; // only accounts that report what arrived
    bool sticky = false;   // a number keeps its account as long as that can
};

struct rules {
    std::vector<route> routes;
    duration failover_after = std::chrono::seconds(10); // that an account cannot, until others do
    prefix_map<std::uint16_t> numbers;                  // of phones: place in `carriers`
    std::vector<std::string> carriers;                  // the names in the table of numbers
};

} // namespace posthorn::routing
