// Tells sources what became of their events, and clears away what is finished:
//
//   feedback ─► current state ─► history/YYYY-MM.db ─► result/SOURCE.db ─► forgotten in live.db
//
// What phones texted to a source goes to its result file likewise, and old texts to their months.
// One thread, in large lazy batches. A final state is told at once; one that is still moving is
// told when it has not become final within a few seconds, so that a quick delivery is written once.
// Nothing is forgotten before it is durable where it went; after a crash it is told again. A source
// whose file cannot be written is put aside: the others go on, and what it has yet to be told stays
// in live.db, with the feedback since then, which is read again once its file is mended.
#pragma once

#include "store/store.hpp"

#include <atomic>
#include <condition_variable>
#include <filesystem>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <set>
#include <string>
#include <thread>

namespace posthorn::feedback {

struct told_sources {
    std::map<name_id, std::string> names; // by number, for the names of their files
    std::set<std::string> called;         // those that are told by callback as well
    name_id own = 0;                      // the daemon's: nobody reads results of it
    duration keep_results = std::chrono::days(90);
    duration keep_history = std::chrono::days(1095); // months go whole then
    duration keep_operations = keep_history;
    std::set<name_id> redacted{}; // types whose texts are forgotten once they are final
    std::set<name_id> followed{}; // types of which it is remembered who was told: for a follow-up
};

struct teller_settings {
    std::filesystem::path live;
    std::filesystem::path history;
    std::filesystem::path results; // folder
    told_sources sources;
    std::function<void()> told; // something was written for those that are called; teller's thread
    duration patience = std::chrono::seconds(3); // before a state that is not final is told
    std::function<instant()> now;
    std::function<void(std::string_view what)> complain; // any thread
};

struct receipt_figures { // of messages that a receipt ended, since start
    std::int64_t messages = 0;
    std::int64_t micros = 0; // from the carrier's answer to the receipt, in all
};

class teller {
public:
    teller(teller_settings settings, store::store& store);
    ~teller();

    void start();
    void stop(); // what is committed so far is told first
    void fed();  // new feedback; any thread
    // Before anything of a new source is submitted to the store; any thread.
    void use(told_sources sources);
    std::string trouble(); // why nothing can be told now; empty when it can; any thread
    receipt_figures figures() const { return {timed_, micros_}; }

private:
    struct work;
    struct put_aside { // a source, until its file can be written
        instant retry_at{};
        std::string why;
    };
    void run();
    void put_source_aside(name_id source, const std::string& why);
    bool any_mended();
    std::string trouble_of_some() const;
    bool wait_for_work(std::chrono::milliseconds at_most);
    std::shared_ptr<const told_sources> sources();
    void in_trouble(std::string why);

    teller_settings settings_;
    store::store& store_;
    std::mutex lock_;
    std::shared_ptr<const told_sources> sources_;
    std::condition_variable woken_;
    std::string trouble_;
    bool fed_ = true;
    bool stopping_ = false;
    // Of the teller's thread.
    std::map<name_id, put_aside> aside_;
    std::map<name_id, duration> waits_; // of those that failed, until something was written
    std::atomic<std::int64_t> timed_{0}, micros_{0};
    std::thread thread_;
};

} // namespace posthorn::feedback
