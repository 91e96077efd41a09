// What is to be taken back because of later events of its subject, or by name, for who goes through it. Short bounded
// reads of live.db, on a connection of its own beside the writer. One thread at a time. Every call ends
// after two seconds at the latest, by throwing read_failed.
#pragma once

#include "model/message.hpp"
#include "store/reader.hpp"

#include <filesystem>
#include <memory>
#include <string>
#include <vector>

namespace posthorn::store {

struct open_withdrawal {
    posthorn::id event = 0; // that withdraws, or is taken back itself
    bool by_name = false;   // that: the next four say nothing
    name_id source = 0;
    std::string subject;
    std::string types; // patterns, with blanks between
    std::string type;  // its own
    instant happened_at{};
    std::string reason; // "withdrawn by payment.received p-1"
    instant since{};
};

// A message of an event that is meant.
struct needless_message {
    posthorn::id id = 0;
    bool waits = false;     // nothing of it has begun to leave
    bool sending = false;   // of some of it no word has come yet
    bool uncertain = false; // likewise, and it was not to be expected any more
};

class withdrawal_reader {
public:
    explicit withdrawal_reader(std::filesystem::path live); // opens nothing yet
    ~withdrawal_reader();

    // The oldest first, of those after this one.
    std::vector<open_withdrawal> open(posthorn::id after, std::size_t limit);
    // Where to go on among the messages it means: those of its events, then those of items of topics.
    struct place {
        posthorn::id item = 0, event = 0, message = 0;
    };
    // In live.db; `from` becomes where to go on. Fewer than `limit`: the last.
    std::vector<needless_message> messages(const open_withdrawal& w, place& from,
                                           std::size_t limit);
    // More messages may be made of the events and items it means.
    bool expanding(const open_withdrawal& w);

private:
    struct connection;
    template <class Work>
    auto ask(Work work);

    std::filesystem::path live_;
    std::unique_ptr<connection> open_;
};

} // namespace posthorn::store
