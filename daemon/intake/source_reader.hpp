// One source's outbox, from where we are to its end.
//
//      deleted      handed on         not yet read               not yet looked at
//   ...............|hhhhhhhhhh|.......u..............u..........|.......................
//                             head_   └ handed on at once ┘    seen_
//
// Rows are read in order at head_. Ahead of it only what they are is read, up to seen_, so that an
// urgent row does not wait behind a bill run.
#pragma once

#include "store/outbox.hpp"

#include <cstddef>
#include <cstdint>
#include <deque>
#include <functional>
#include <limits>
#include <string>
#include <string_view>
#include <vector>

namespace posthorn::intake {

struct reader_limits {
    std::size_t capacity = 4096; // rows handed on and not yet credited back
    std::size_t batch = 256;     // rows of one next()
};

// One thread.
class source_reader {
public:
    using urgent_type = std::function<bool(std::string_view type)>;
    // How many of so many rows may be handed on; asked last, and the answer is taken.
    using granted = std::function<std::size_t(std::size_t rows)>;

    source_reader(std::string source, std::filesystem::path file, reader_limits limits,
                  urgent_type is_urgent);

    const std::string& source() const { return source_; }
    const std::filesystem::path& file() const { return file_; }
    // Why the file cannot be used, as of the last next(); empty when it can.
    const std::string& problem() const { return problem_; }
    // The file that the rows handed on and not yet deleted are of.
    store::file_identity identity() const { return identity_; }

    // The next rows, or none: all is read, no capacity is left, none are granted, the file is held
    // or cannot be used. Does nothing that takes longer than some milliseconds.
    std::vector<store::outbox_row> next(const granted& grant);
    // Whether another next() may find rows without anything having changed.
    bool has_more() const;
    // So many rows are in hand that more would not leave sooner; they come some at a time then.
    bool is_full() const { return room(limits_.capacity) < worth_reading_; }
    // Rows not handed on, by their ids: a few too many where ids were left out. 0 where that cannot
    // be seen now.
    std::size_t rows_ahead();

    // Nothing that was handed on is still to be credited or deleted.
    bool settled() const { return in_flight_ == 0 && undeleted_ == 0; }

    void credit(std::size_t rows);
    void deleted(std::size_t rows);

private:
    template <class Look>
    void look(Look at_file);
    bool usable();
    void notice_changes();
    std::vector<store::outbox_row> in_order(const granted& grant);
    std::vector<store::outbox_row> overtaking(const granted& grant);
    std::int64_t cut(std::vector<store::outbox_row>& rows, const granted& grant, std::int64_t last);
    std::size_t room(std::size_t capacity) const;
    void hand_on(const std::vector<store::outbox_row>& rows);
    void start_over(std::int64_t before);

    // Ids are what SQLite gives, or what somebody wrote: 0 and below too.
    static constexpr auto before_all = std::numeric_limits<std::int64_t>::min();

    std::string source_;
    std::filesystem::path file_;
    reader_limits limits_;
    std::size_t urgent_capacity_, worth_reading_;
    urgent_type is_urgent_;
    store::outbox outbox_;
    store::file_identity identity_;
    std::string problem_;
    std::int64_t head_ = before_all;
    std::int64_t seen_ = before_all;
    bool more_to_read_ = true;
    bool more_to_see_ = true;
    bool look_behind_ = false;
    bool cut_short_ = false;          // not all that was read was granted
    bool held_ = false;               // another process was in the way
    std::deque<std::int64_t> passed_; // ids beyond head_ that are handed on already, rising
    std::size_t in_flight_ = 0;       // handed on and not credited back
    std::size_t undeleted_ = 0;       // handed on and still in the file
};

} // namespace posthorn::intake
