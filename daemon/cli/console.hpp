// Where a command writes, and how it ends.
#pragma once

#include <ostream>
#include <stdexcept>
#include <string>

namespace posthorn::cli {

struct console {
    std::ostream& out; // what was asked for
    std::ostream& err; // progress and errors
    bool terminal = false;
};

enum exit_code : int { fine = 0, refused = 1, usage = 2 };

// Ends a command with a sentence for the person who typed it: what, where, what to do.
class failure : public std::runtime_error {
public:
    explicit failure(const std::string& sentence, exit_code code = refused)
        : std::runtime_error(sentence), code_(code) {}

    exit_code code() const { return code_; }

private:
    exit_code code_;
};

} // namespace posthorn::cli
