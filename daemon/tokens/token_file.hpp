// state_dir/tokens: one line for each token, written by `posthorn token`, read again by the daemon
// when it has changed. It holds hashes only; it is readable for its group so that the command and
// the daemon need not be one user.
#pragma once

#include "model/refusal.hpp"
#include "tokens/token.hpp"

#include <filesystem>
#include <vector>

namespace posthorn::tokens {

// All tokens of the file; none when it is not there. The refusal says which line is wrong.
result<std::vector<token>> read_tokens(const std::filesystem::path& file);

// Changes the file under a lock, by putting a new one in its place. Throw std::runtime_error with
// what to do.
void add_token(const std::filesystem::path& file, const token& t);
bool revoke_token(const std::filesystem::path& file, std::string_view id); // false: no such token

// What the daemon holds. One thread.
class token_ring {
public:
    explicit token_ring(std::filesystem::path file) : file_(std::move(file)) {}

    // Reads the file when it is another than last time. Nothing, or what is wrong: then what was
    // read before stays in force.
    std::optional<std::string> refresh();
    // Whose token this is; null when it is nobody's.
    const token* holder(std::string_view text) const;

private:
    struct stamp {
        std::uint64_t inode = 0;
        std::int64_t size = -1, seconds = 0, nanoseconds = 0;
        bool operator==(const stamp&) const = default;
    };
    stamp look() const;

    std::filesystem::path file_;
    std::vector<token> tokens_;
    stamp read_;
};

} // namespace posthorn::tokens
