// Asks the running daemon: one HTTP request over its Unix socket.
#pragma once

#include "model/refusal.hpp"

#include <boost/json/value.hpp>

#include <chrono>
#include <filesystem>
#include <string>
#include <string_view>

namespace posthorn::cli {

class socket_client {
public:
    // `hint`: where the path comes from, for errors: "`socket:` in /etc/posthorn/posthorn.yaml".
    socket_client(std::filesystem::path socket, std::string hint,
                  std::chrono::seconds patience = std::chrono::seconds(60));

    // The JSON of a 2xx answer. The refusal is a sentence: the daemon's own problem ("TITLE:
    // DETAIL"), or why it could not be asked and what to do. Blocks at most `patience`.
    result<boost::json::value> get(std::string_view target) const;
    result<boost::json::value> post(std::string_view target, const boost::json::object& body) const;

    bool reachable() const; // somebody listens, and may be asked

private:
    result<boost::json::value> ask(bool post, std::string_view target, std::string body) const;

    std::filesystem::path socket_;
    std::string hint_;
    std::chrono::seconds patience_;
};

// Percent-encodes what may not stand in a path segment or a query value.
std::string url_encoded(std::string_view text);

} // namespace posthorn::cli
