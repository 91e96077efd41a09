#include "runtime/thread_rank.hpp"

#include <cstdint>
#include <pthread.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <unistd.h>

namespace posthorn::runtime {

namespace {

// sched_setattr(2), which glibc 2.36 does not know.
struct sched_attr {
    std::uint32_t size = sizeof(sched_attr);
    std::uint32_t policy = 0; // SCHED_OTHER
    std::uint64_t flags = 0;
    std::int32_t nice = 0;
    std::uint32_t priority = 0;
    std::uint64_t runtime = 0, deadline = 0, period = 0; // ns
    std::uint32_t util_min = 0, util_max = 0;
};

// Since Linux 6.12 a shorter slice is an earlier turn; before, it is ignored.
constexpr std::uint64_t prompt_slice = 100'000; // ns, the shortest there is
constexpr int bulk_nice = 10;

} // namespace

void this_thread_is(const char* name, thread_rank rank) {
    pthread_setname_np(pthread_self(), name);
    if (rank == thread_rank::bulk)
        ::setpriority(PRIO_PROCESS, static_cast<id_t>(::gettid()), bulk_nice);
    if (rank == thread_rank::prompt) {
        sched_attr wanted;
        wanted.nice = ::getpriority(PRIO_PROCESS, 0);
        wanted.runtime = prompt_slice;
        ::syscall(SYS_sched_setattr, 0, &wanted, 0);
    }
}

} // namespace posthorn::runtime
