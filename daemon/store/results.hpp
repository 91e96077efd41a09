// result/SOURCE.db: written by us alone, read by the source (store/schema/result.sql). One thread.
#pragma once

#include "store/file_identity.hpp"
#include "store/many_results.hpp"
#include "store/result_rows.hpp"
#include "store/sqlite/connection.hpp"

#include <memory>
#include <optional>
#include <string>

namespace posthorn::store {

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
    void put(const recipient_row& row) { many_.put(row); }
    void put(const expansion_row& row) { many_.put(row); }
    void put(const refused_row& row);
    void put(const inbox_row& row, instant now); // once, however often it is put
    void commit(instant now); // what is not committed is undone when the file is closed
    // Rows not changed since then go, at most `limit`; how many went.
    int prune(instant before, int limit);

private:
    std::filesystem::path path_;
    SQLite::Database db_;
    file_identity identity_;
    void put_row(const result_row& row, instant now);

    statement begin_, commit_, put_, corrected_, slice_, refused_, call_, inbox_, call_inbox_;
    bool has_callback_;
    std::optional<std::int64_t> last_slice_; // that is surely in the table
    many_results many_;
};

} // namespace posthorn::store
