// What publishing asks of the store: which items are still going out, who is next, how far a topic's
// schedule has come. Short bounded reads of live.db, on a connection of its own beside the writer.
// One thread at a time. Every call ends after two seconds at the latest, by throwing read_failed.
#pragma once

#include "store/reader.hpp"

#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace posthorn::store {

// An item that has not been made into events for all its subscribers.
struct open_publication {
    posthorn::id id = 0;
    instant at{};
    std::string topic, item;
    std::string parameter; // of the subscriptions it is for; empty: of all
    std::string data;      // JSON object
    instant not_before{}, expires_at{};
    std::string through_number, through_parameter; // the last subscriber served
    std::int64_t made = 0;                         // events so far
    std::string withdrawn = {};                    // why no more are to be made; empty: they are
};

// What the events of an item share, by which they are found.
std::string subject_of_item(std::string_view topic, posthorn::id publication);

struct publication_story { // the newest of a topic
    std::string item;
    instant at{};
    std::int64_t made = 0;
    bool done = false;
};

class publications_reader {
public:
    explicit publications_reader(std::filesystem::path live); // opens nothing yet
    ~publications_reader();

    // The oldest first, of those after this one.
    std::vector<open_publication> open(posthorn::id after, std::size_t limit);
    // Those behind the last one served, in order: by number, then by parameter. One that has paused,
    // or come or gone on since the item was published, or whose time is over, is left out.
    std::vector<subscription> subscribers(const open_publication& of, instant now,
                                          std::size_t limit);
    // Messages of a flow that wait in the queue and are due; at most `most` are counted.
    std::size_t waiting(const flow_name& flow, instant now, std::size_t most);
    // For which anybody is subscribed now; "" where the topic has no parameter.
    std::vector<std::string> parameters(std::string_view topic, instant now);
    // Up to when the topic's schedule has been taken care of; 0: not yet begun.
    instant occurrence(std::string_view topic);
    std::optional<publication_story> newest(std::string_view topic);
    // Of an event that is for a topic.
    std::optional<publication_story> of_event(posthorn::id event);

private:
    struct connection;
    template <class Work>
    auto ask(Work work);

    std::filesystem::path live_;
    std::unique_ptr<connection> open_;
};

} // namespace posthorn::store
