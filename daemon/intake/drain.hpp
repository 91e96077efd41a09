// Takes rows out of all outbox files, prepares them and hands them on; deletes them once they are
// committed elsewhere. Two threads of its own, whatever the number of sources.
//
//   outbox files ──read──► preparer ──deliver(rows)──► the caller commits
//        ▲                     ▲                            │
//        └──delete── eraser ◄──┼────── committed(ids) ──────┤
//                              └────── credit(rows) ────────┘
//
// After a restart every row still in a file comes again: the caller tells repeats by (source, key).
// Rows of an urgent type overtake the others of their source. What is beyond a source's quota stays
// in its file until there is room again.
#pragma once

#include "intake/preparer.hpp"
#include "intake/quotas.hpp"

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace posthorn::intake {

struct drain_options {
    std::filesystem::path directory; // one SOURCE.db for each source of the catalogue
    std::size_t capacity = 4096;     // rows of one source handed on and not yet credited back
    std::size_t batch = 256;         // rows handed on at once
};

// What the drain tells. All are called on its own threads, never two at once, and must not call
// stop().
struct drain_reports {
    // The rows are reserved in `quotas`: who commits them settles that.
    std::function<void(std::string source, std::vector<prepared> rows)> deliver;
    // Once for each change: a file cannot be used, or (`what` empty) it is fine again.
    std::function<void(const std::string& file, const std::string& what)> problem;
};

struct file_problem {
    std::string file; // "billing.db"
    std::string what; // "not there: create it with ..."
};

class drain {
public:
    drain(drain_options options, std::shared_ptr<const catalogue> known, quotas& quota,
          drain_reports reports, std::function<instant()> now);
    ~drain(); // stops
    drain(const drain&) = delete;
    drain& operator=(const drain&) = delete;

    void start();
    // Returns when both threads have ended; what was handed on and is not committed stays in the
    // files. What was committed is deleted first, as far as no writer is in the way.
    void stop();

    // From any thread: rows read from now on are prepared with this. New sources get their file
    // read; those that are gone are read no more, and what was taken from them is still deleted.
    void use(std::shared_ptr<const catalogue> known);
    // From any thread: nothing more is read until it is told to go on.
    void hold(bool yes);
    // From any thread: `rows` of this source no longer take up memory; read on.
    void credit(std::string_view source, std::size_t rows);
    // From any thread: these rows are durable elsewhere; delete them soon.
    void committed(std::string_view source, std::vector<std::int64_t> outbox_ids);

    // From any thread. Sorted by file.
    std::vector<file_problem> problems() const;
    // From any thread: rows that this source's quota keeps in its file; about so many.
    std::size_t kept_back(std::string_view source) const;

private:
    class worker;
    std::unique_ptr<worker> worker_;
};

} // namespace posthorn::intake
