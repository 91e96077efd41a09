// The questions that phones have been asked and not yet answered: one for each phone and number of
// ours, all in memory, as the store has them. One thread.
#pragma once

#include "model/inbound.hpp"

#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace posthorn::answers {

class questions {
public:
    void recover(std::vector<question> found) {
        for (auto& q : found)
            put(std::move(q));
    }
    void put(question q) {
        auto key = std::pair(q.number, q.recipient);
        open_.insert_or_assign(std::move(key), std::move(q));
    }
    void drop(const std::string& number, const std::string& recipient) {
        open_.erase({number, recipient});
    }
    // The one that is open now.
    std::optional<question> open(const std::string& number, const std::string& recipient,
                                 instant now) const {
        const auto found = open_.find({number, recipient});
        const bool is = found != open_.end() && found->second.expires_at > now;
        return is ? std::optional(found->second) : std::nullopt;
    }
    // Takes those whose time is over.
    std::vector<question> take_old(instant now) {
        std::vector<question> out;
        for (auto i = open_.begin(); i != open_.end();)
            if (i->second.expires_at <= now) {
                out.push_back(std::move(i->second));
                i = open_.erase(i);
            } else {
                ++i;
            }
        return out;
    }
    std::size_t size() const { return open_.size(); }

private:
    std::map<std::pair<std::string, std::string>, question> open_;
};

} // namespace posthorn::answers
