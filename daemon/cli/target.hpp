// What is asked of the daemon: a path, with those members of its query that were given.
#pragma once

#include "cli/socket_client.hpp"

#include <string>

namespace posthorn::cli {

class target {
public:
    explicit target(std::string path) : text_(std::move(path)) {}

    target& with(const std::string& name, const std::string& value) {
        if (!value.empty()) {
            text_ += (any_ ? "&" : "?") + name + "=" + url_encoded(value);
            any_ = true;
        }
        return *this;
    }
    const std::string& text() const { return text_; }

private:
    std::string text_;
    bool any_ = false;
};

} // namespace posthorn::cli
