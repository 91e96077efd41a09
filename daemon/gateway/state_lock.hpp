// One posthornd for one state_dir: a second one would take the first one's messages for its own.
#pragma once

#include <filesystem>

namespace posthorn::gateway {

// Holds state_dir/posthornd.lock while it lives; the kernel frees it with the process, however that
// ends. Throws std::runtime_error when another one holds it, or the folder cannot be written.
class state_lock {
public:
    explicit state_lock(const std::filesystem::path& state_dir);
    ~state_lock();
    state_lock(const state_lock&) = delete;
    state_lock& operator=(const state_lock&) = delete;

private:
    int file_;
};

} // namespace posthorn::gateway
