// The JSON of the API. Times are RFC 3339 in UTC and left out where there is none; ids are texts,
// since many readers of JSON keep only 53 bits of a number; phone numbers are masked.
#pragma once

#include "api/surroundings.hpp"
#include "ledger/standing.hpp"
#include "model/time_text.hpp"

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>

namespace posthorn::api {

using posthorn::rfc3339;

// What the store says about now.
struct stored_figures {
    std::map<std::string, std::int64_t> tallies;
    std::vector<store::flow_waiting> queue;
    std::vector<store::reason_count> parked_reasons;
    std::map<name_id, std::string> names;
    std::int64_t set_aside = 0; // messages that wait for the end of a pause
    std::int64_t put_off = 0;   // messages that wait for the end of quiet hours
};

// From phones, that could not be answered and that no person has looked at.
std::int64_t failed_texts(const stored_figures& stored);

boost::json::object status_shape(const status_snapshot& live, const stored_figures& stored,
                                 instant now);
boost::json::array accounts_shape(const status_snapshot& live);
boost::json::array budgets_shape(const std::vector<policy::budget_use>& all);
// 1234567 becomes "1,234,567".
std::string grouped(std::int64_t n);
// "10,000 a day"
std::string limit_of(const quota_use& quota);
boost::json::array sources_shape(const status_snapshot& live);
boost::json::object found_shape(const store::search_row& row);
boost::json::object operation_shape(const store::operation& o);
// `now`: to say what open messages wait for.
boost::json::object story_shape(const store::event_story& story,
                                const ledger::standing* now = nullptr);
boost::json::object message_with_event_shape(const store::message_story& message,
                                             const posthorn::event& event);
// `event`: source, key and type of it, when the store still has it.
boost::json::object uncertain_shape(const uncertain_part& part,
                                    const std::optional<posthorn::event>& event);

} // namespace posthorn::api
