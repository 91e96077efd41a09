// A copy of all that posthornd must not lose, made while it works:
//
//   outbox/*.db ─► live.db ─► result/*.db, history/*.db, small files   in DIR.unfinished, then DIR
//
// In this order nothing falls between two files: a row that has left its outbox since is in live.db,
// and what has left live.db since is in its month. Each file is one snapshot. The copied live.db is
// paused: what has left after the snapshot is not known there, and must not be sent again by itself.
#pragma once

#include "store/ops.hpp"

#include <cstdint>
#include <filesystem>
#include <stdexcept>
#include <stop_token>
#include <vector>

namespace posthorn::store {

struct backup_places {
    std::filesystem::path live;
    std::filesystem::path history, outbox, results; // folders; any may be missing
    std::vector<std::filesystem::path> small;       // files; any may be missing
};

struct backup_figures {
    std::int64_t files = 0;
    std::int64_t octets = 0;
};

// There is no backup, and why; nothing of it is left.
class backup_failed : public std::runtime_error {
public:
    using std::runtime_error::runtime_error;
};

// Durable in `into`, an absolute path that must not exist, when it returns; minutes, perhaps. Any
// thread; `stop` ends it with backup_failed. Throws backup_failed for all that goes wrong.
backup_figures back_up(const backup_places& from, const std::filesystem::path& into,
                       const pause& when_restored, std::stop_token stop);

} // namespace posthorn::store
