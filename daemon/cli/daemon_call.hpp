// One call of the running daemon, as verbs make it.
#pragma once

#include "cli/console.hpp"
#include "cli/socket_client.hpp"
#include "cli/verbs.hpp"

#include <initializer_list>
#include <string_view>
#include <utility>

namespace posthorn::cli {

// The daemon that --socket, or the configuration, names.
socket_client daemon_of(const shared_options& shared,
                        std::chrono::seconds patience = std::chrono::seconds(60));

// A body of those members that have a text.
boost::json::object
given(std::initializer_list<std::pair<std::string_view, std::string_view>> texts);

// The answer, or failure with the daemon's sentence.
boost::json::value must(result<boost::json::value> answer);

// As JSON or as a page.
int print(const shared_options& shared, const boost::json::value& answer,
          std::string (*page)(const boost::json::value&), console& to);

// As JSON, or one sentence of it.
int tell(const shared_options& shared, const boost::json::value& answer,
         const std::string& sentence, console& to);

} // namespace posthorn::cli
