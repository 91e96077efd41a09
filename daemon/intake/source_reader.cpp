#include "intake/source_reader.hpp"

#include <algorithm>
#include <utility>

namespace posthorn::intake {

namespace {

// A held file must not delay the other sources.
constexpr std::chrono::milliseconds patience{5};
constexpr std::size_t rows_per_look = 20'000;

} // namespace

source_reader::source_reader(std::string source, std::filesystem::path file, reader_limits limits,
                             urgent_type is_urgent)
    : source_(std::move(source)), file_(std::move(file)), limits_(limits),
      urgent_capacity_(limits.capacity + std::max<std::size_t>(limits.capacity / 4, 16)),
      worth_reading_(std::clamp<std::size_t>(limits.capacity / 4, 1, limits.batch)),
      is_urgent_(std::move(is_urgent)), outbox_(source_, file_, patience) {}

template <class Look>
void source_reader::look(Look at_file) {
    held_ = false;
    try {
        if (usable())
            at_file();
    } catch (const store::outbox_busy&) {
        held_ = true;
    } catch (const store::outbox_failed& e) {
        problem_ = file_.string() + ": " + e.what();
        outbox_ = store::outbox(source_, file_, patience);
    }
}

std::vector<store::outbox_row> source_reader::next(const granted& grant) {
    std::vector<store::outbox_row> rows;
    look([&] {
        notice_changes();
        // With nothing looked at beyond head_ reading in order is as quick, and reads rows once;
        // unless what is read must wait: then urgent rows are sought first.
        if (head_ >= seen_ && !cut_short_)
            rows = in_order(grant);
        if (rows.empty())
            rows = overtaking(grant);
        if (rows.empty())
            rows = in_order(grant);
    });
    return rows;
}

std::size_t source_reader::rows_ahead() {
    std::int64_t rows = 0;
    look([&] {
        const auto first = outbox_.first_id();
        const auto last = outbox_.last_id();
        if (first && last)
            rows = *last - std::max(head_, *first - 1) - static_cast<std::int64_t>(passed_.size());
    });
    return static_cast<std::size_t>(std::max<std::int64_t>(rows, 0));
}

bool source_reader::has_more() const {
    if (!problem_.empty() || held_)
        return false;
    return (more_to_read_ && !is_full()) || (more_to_see_ && room(urgent_capacity_) > 0);
}

void source_reader::credit(std::size_t rows) { in_flight_ -= std::min(rows, in_flight_); }
void source_reader::deleted(std::size_t rows) { undeleted_ -= std::min(rows, undeleted_); }

bool source_reader::usable() {
    if (!outbox_.open()) {
        problem_ = outbox_.problem();
        return false;
    }
    problem_.clear();
    if (outbox_.identity() == identity_)
        return true;
    // Another file under this name. Its ids may be those of rows whose deletion is still to come,
    // so it waits until the rows of the file before are through.
    if (undeleted_ > 0) {
        held_ = true;
        return false;
    }
    identity_ = outbox_.identity();
    start_over(before_all);
    return true;
}

void source_reader::notice_changes() {
    if (outbox_.changed())
        more_to_read_ = more_to_see_ = look_behind_ = true;
    // Ids rise, unless somebody chose one or restored a copy: then rows appear behind us. When all
    // we handed on is gone from the file, whatever is there is new.
    if (!look_behind_ || undeleted_ > 0)
        return;
    look_behind_ = false;
    if (const auto first = outbox_.first_id(); first && *first <= head_)
        start_over(*first - 1);
}

void source_reader::start_over(std::int64_t before) {
    head_ = seen_ = before;
    passed_.clear();
    more_to_read_ = more_to_see_ = true;
}

std::size_t source_reader::room(std::size_t capacity) const {
    return capacity - std::min(capacity, in_flight_);
}

void source_reader::hand_on(const std::vector<store::outbox_row>& rows) {
    in_flight_ += rows.size();
    undeleted_ += rows.size();
}

// Leaves the rows that are granted. How far all is handed on then: `last` when they all are.
std::int64_t source_reader::cut(std::vector<store::outbox_row>& rows, const granted& grant,
                                std::int64_t last) {
    const auto some = grant(rows.size());
    cut_short_ = some < rows.size();
    if (!cut_short_)
        return last;
    last = rows[some].event.outbox_id - 1;
    rows.erase(rows.begin() + static_cast<std::ptrdiff_t>(some), rows.end());
    return last;
}

std::vector<store::outbox_row> source_reader::in_order(const granted& grant) {
    const auto limit = std::min(limits_.batch, room(limits_.capacity));
    if (!more_to_read_ || is_full())
        return {};
    auto rows = outbox_.read(head_, limit);
    more_to_read_ = !rows.empty();
    if (rows.empty())
        return {};
    const auto last = rows.back().event.outbox_id;
    std::erase_if(rows, [this](const auto& row) {
        return std::ranges::binary_search(passed_, row.event.outbox_id);
    });
    head_ = cut(rows, grant, last);
    seen_ = std::max(seen_, head_);
    while (!passed_.empty() && passed_.front() <= head_)
        passed_.pop_front();
    hand_on(rows);
    return rows;
}

std::vector<store::outbox_row> source_reader::overtaking(const granted& grant) {
    const auto limit = std::min(limits_.batch, room(urgent_capacity_));
    if (!more_to_see_ || limit == 0)
        return {};
    const auto ahead = outbox_.glance(seen_, rows_per_look);
    more_to_see_ = !ahead.empty();
    std::vector<std::int64_t> urgent;
    auto seen = seen_;
    for (const auto& row : ahead) {
        seen = row.id;
        if (!is_urgent_(row.type))
            continue;
        urgent.push_back(row.id);
        if (urgent.size() == limit)
            break;
    }
    auto rows = outbox_.read(urgent); // before anything is noted: it may throw
    seen_ = cut(rows, grant, seen);
    for (const auto id : urgent)
        if (id <= seen_)
            passed_.push_back(id);
    hand_on(rows);
    return rows;
}

} // namespace posthorn::intake
