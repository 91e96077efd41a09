// result/SOURCE.db: written by us alone, read by the source (store/schema/result.sql). One thread.
#pragma once

#include "model/message.hpp"
#include "store/file_identity.hpp"
#include "store/sqlite/connection.hpp"

#include <memory>
#include <optional>
#include <string>

namespace posthorn::store {

struct result_row {
    std::int64_t outbox_id = 0;
    std::string key, type, run;
    posthorn::id event = 0;
    std::int64_t version = 0; // combined_version()
    std::string_view state;   // a name of message_state, or "parked", "published", `expanding`
    bool is_final = false;
    std::string reason;
    std::string recipient;
    int parts = 0;
    int repeats = 0;
    instant received_at{}, submitted_at{}, final_at{};
};

// Rises with every change of the event (parked, released) and of its message.
constexpr std::int64_t combined_version(std::int64_t event, std::int64_t message) {
    return (event << 20) + message;
}

// A message of an event for many; what they come to is the result of the event.
struct recipient_row {
    posthorn::id message = 0;
    result_row row; // of the event, with the message's state, reason, recipient, parts and times
};

// How far the event itself has come: its row has the words of the event, and its reason.
struct expansion_row {
    result_row row;
    std::int64_t made = 0; // messages
    bool done = false;     // no more will be made
};

struct refused_row {
    posthorn::id id = 0;
    std::int64_t outbox_id = 0;
    std::string key, type, what, reason;
    instant at{};
};

// What a phone texted and is the source's own matter.
struct inbox_row {
    posthorn::id id = 0;
    std::string kind, number, recipient, text;
    std::string data; // JSON object
    instant received_at{};
};

class result_file {
public:
    // Creates the file when missing, readable for its group. `call`: what is put is also to be told
    // by callback (store/callbacks.hpp).
    explicit result_file(const std::filesystem::path& file, bool call = false);

    // Whether it still lies where it was opened: else nobody reads what is written.
    bool in_place() const;
    // Throws where nothing can be written, as far as the newest row tells; changes nothing.
    void try_to_write();

    void begin();
    void put(const result_row& row, instant now);
    void put(const recipient_row& row, instant now);
    void put(const expansion_row& row, instant now);
    void put(const refused_row& row);
    void put(const inbox_row& row, instant now); // once, however often it is put
    void commit(); // what is not committed is undone when the file is closed
    // Rows not changed since then go, at most `limit`; how many went.
    int prune(instant before, int limit);

private:
    std::filesystem::path path_;
    SQLite::Database db_;
    file_identity identity_;
    void put_row(const result_row& row, instant now);
    void begin_row(const result_row& of_event, instant now);
    void add_up(std::int64_t row, instant now);
    void prune_recipients();
    std::optional<message_state> alike(std::int64_t row); // all its messages are

    statement begin_, commit_, put_, event_of_, corrected_, slice_, refused_, call_, inbox_,
        call_inbox_;
    bool has_callback_;
    std::optional<std::int64_t> last_slice_; // that is surely in the table
    // Of events for many.
    statement known_recipient_, put_recipient_, count_, expanded_, counts_, put_sum_, states_;
};

} // namespace posthorn::store
