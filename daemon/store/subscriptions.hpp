// Who wants what topics publish: short bounded reads of live.db, on a connection of its own beside
// the writer. One thread at a time. Every call ends after two seconds at the latest, by throwing
// read_failed.
#pragma once

#include "model/id.hpp"
#include "model/subscription.hpp"
#include "store/ops_people.hpp"

#include <cstdint>
#include <filesystem>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace posthorn::store {

struct subscription_entry { // of the log
    posthorn::id id = 0;
    std::string topic, number, parameter;
    subscription_change what = subscription_change::subscribed;
    binding_way how = binding_way::text;
    std::string who; // the user, or the name of a token; empty: the phone itself
    posthorn::id inbound = 0;
    std::string reason;
    instant at{};
};

struct subscription_count {
    std::int64_t all = 0, paused = 0;
};

class subscription_reader {
public:
    explicit subscription_reader(std::filesystem::path live); // opens nothing yet
    ~subscription_reader();

    std::vector<subscription> of_number(std::string_view number); // by topic and parameter
    // Those after this number and parameter, in their order; "" and "": from the first.
    std::vector<subscription> of_topic(std::string_view topic, std::string_view number,
                                       std::string_view parameter, std::size_t limit);
    std::map<std::string, subscription_count> counts(); // by topic
    std::vector<subscription> expired(instant now, std::size_t limit);
    // The newest first.
    std::vector<subscription_entry> changes_of(std::string_view number, std::size_t limit);

private:
    struct connection;
    template <class Work>
    auto ask(Work work);

    std::filesystem::path live_;
    std::unique_ptr<connection> open_;
};

} // namespace posthorn::store
