// Deletes rows that are durable elsewhere from the outbox files: late, in small transactions, on a
// thread of its own, because it has to wait for writers and nobody has to wait for it.
#pragma once

#include "store/outbox.hpp"

#include <condition_variable>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

namespace posthorn::intake {

class eraser {
public:
    // What became of rows, on the eraser's thread: `rows` of them are gone from the file, or will
    // never be deleted because another file took its place. `problem`: why it cannot delete now; it
    // tries again.
    using report = std::function<void(const std::string& source, std::size_t rows,
                                      const std::string& problem)>;

    explicit eraser(report told);
    ~eraser(); // stops
    eraser(const eraser&) = delete;
    eraser& operator=(const eraser&) = delete;

    // Any thread, before the first erase() of that source.
    void add_source(std::string source, std::filesystem::path file);
    // Any thread, when all that was ordered for it is done. It may be added again.
    void drop_source(std::string source);
    void start();
    // One last try with all that is left, then the thread ends.
    void stop();

    // Any thread. `of`: the file these rows were read from.
    void erase(const std::string& source, store::file_identity of, std::vector<std::int64_t> ids);

private:
    struct target {
        store::outbox file;
        store::file_identity of;
        std::vector<std::int64_t> ids; // still to delete
        std::string problem;
    };

    void run();
    void take_orders();
    void erase_all();
    std::size_t erase_some(const std::string& source, target& t);

    report told_;
    std::map<std::string, target, std::less<>> targets_; // the thread's own once it runs
    std::thread thread_;

    std::mutex mutex_; // guards what follows
    std::condition_variable wake_;
    std::map<std::string, std::pair<store::file_identity, std::vector<std::int64_t>>> orders_;
    std::map<std::string, std::filesystem::path> new_sources_;
    std::vector<std::string> gone_sources_;
    std::size_t ordered_ = 0;
    bool stopping_ = false;
};

} // namespace posthorn::intake
