// What an account says of the words in its carrier's reports where they mean something else there,
// in an option of kind map: `MK:0001: expired`. For CMPP and SMGP, whose reports have seven letters.
#pragma once

#include "sdk/report_state.hpp"
#include "sdk/unit.hpp"

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace posthorn::sdk {

class stat_overrides {
public:
    static constexpr std::string_view choices = "delivered|undelivered|expired|enroute";

    explicit stat_overrides(const std::vector<std::pair<std::string, std::string>>& entries) {
        for (const auto& [stat, word] : entries)
            states_.insert_or_assign(stat, named(word).value());
    }

    receipt_state of(std::string_view stat) const {
        if (const auto found = states_.find(stat); found != states_.end())
            return found->second;
        switch (state_of(stat)) {
        case report_state::delivered:
            return receipt_state::delivered;
        case report_state::expired:
            return receipt_state::expired;
        case report_state::on_its_way:
            return receipt_state::enroute;
        case report_state::failed:
            break;
        }
        return receipt_state::undelivered;
    }

    /// What is wrong with an entry, or "": for option::check.
    static std::string wrong_entry(std::string_view stat, std::string_view word) {
        if (stat.empty() || stat.size() > 7)
            return "is no word of a report: those have one to seven letters";
        return named(word) ? "" : "must be one of " + std::string(choices);
    }

private:
    static std::optional<receipt_state> named(std::string_view word) {
        if (word == "delivered")
            return receipt_state::delivered;
        if (word == "undelivered")
            return receipt_state::undelivered;
        if (word == "expired")
            return receipt_state::expired;
        if (word == "enroute")
            return receipt_state::enroute;
        return std::nullopt;
    }

    std::map<std::string, receipt_state, std::less<>> states_;
};

} // namespace posthorn::sdk
