// What the daemon answers, as a person reads it. All tolerate missing members.
#pragma once

#include "cli/table.hpp"

#include <boost/json/value.hpp>

#include <string>

namespace posthorn::cli {

std::string status_page(const boost::json::value& status);   // GET /v1/status
std::string story_page(const boost::json::value& show);      // GET /v1/show
std::string explained_page(const boost::json::value& all);   // GET /v1/explain
std::string uncertain_page(const boost::json::value& parts); // GET /v1/uncertain
std::string search_page(const boost::json::value& found);    // GET /v1/search
std::string accounts_page(const boost::json::value& all);    // GET /v1/accounts
std::string sources_page(const boost::json::value& all);     // GET /v1/sources
table sources_table(const boost::json::value& either);       // of that and of the status
std::string versions_page(const boost::json::value& all);    // GET /v1/types/TYPE/versions
std::string version_page(const boost::json::value& one);     // one of them
std::string log_page(const boost::json::value& log);         // GET /v1/log
std::string inbound_page(const boost::json::value& texts);   // GET /v1/inbound
std::string command_page(const boost::json::value& tried);   // POST /v1/test/command
std::string route_page(const boost::json::value& tried);     // POST /v1/test/route
std::string consent_page(const boost::json::value& number);  // GET /v1/consent/NUMBER
std::string cost_page(const boost::json::value& found);      // GET /v1/cost
table budgets_table(const boost::json::value& either);       // of that and of the status
std::string topics_page(const boost::json::value& all);      // GET /v1/topics
std::string nuisances_page(const boost::json::value& found);
std::string subscriptions_page(const boost::json::value& found); // GET /v1/subscriptions[/NUMBER]

} // namespace posthorn::cli
