// The list of numbers that are not answered for a time, as it is in the store. One thread.
#pragma once

#include "model/nuisance.hpp"

#include <unordered_map>
#include <utility>
#include <vector>

namespace posthorn::answers {

class nuisances {
public:
    explicit nuisances(const std::vector<nuisance>& known) {
        for (const auto& n : known)
            put(n);
    }

    void put(const nuisance& n) {
        if (n.until > n.since)
            until_[n.number] = n.until;
        else
            until_.erase(n.number);
    }
    bool hold(const std::string& number, instant now) const {
        const auto found = until_.find(number);
        return found != until_.end() && found->second > now;
    }
    std::vector<std::string> take_old(instant now) {
        std::vector<std::string> out;
        for (const auto& [number, until] : until_)
            if (until <= now)
                out.push_back(number);
        for (const auto& number : out)
            until_.erase(number);
        return out;
    }
    std::size_t size() const { return until_.size(); }

private:
    std::unordered_map<std::string, instant> until_;
};

} // namespace posthorn::answers
