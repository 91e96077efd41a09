// A thread's name (for ps and perf) and how it stands beside our other threads when there are
// fewer processors than work. Both are hints: a kernel that refuses them changes nothing but speed.
#pragma once

namespace posthorn::runtime {

enum class thread_rank {
    prompt, // others wait for what it does: it runs at once when it wakes, and for a moment
    usual,
    bulk, // much work that nobody waits for: gives way, but never starves
};

/// Of the calling thread. `name`: at most 15 characters.
void this_thread_is(const char* name, thread_rank rank);

} // namespace posthorn::runtime
