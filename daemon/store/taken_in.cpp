#include "store/taken_in.hpp"

#include "model/id.hpp"
#include "store/archive.hpp"
#include "store/sqlite/connection.hpp"

#include <algorithm>
#include <limits>
#include <optional>
#include <stdexcept>
#include <vector>

namespace posthorn::store {

namespace {

constexpr posthorn::id none = std::numeric_limits<posthorn::id>::max();

// The events of one file by rising id. An event on its way to history is in two.
class rising_events {
public:
    rising_events(const std::filesystem::path& file, instant from, instant until)
        : db_(open_database(file, access::read_only)) {
        if (!db_.tableExists("event")) // a month that is just being made
            return;
        rows_.emplace(db_, "SELECT id, source FROM event WHERE id >= ?1 AND id < ?2 ORDER BY id");
        rows_->bind(first_id_at(from), first_id_at(until));
        step();
    }
    posthorn::id id() const { return id_; } // none at the end
    name_id source() { return static_cast<name_id>(rows_->number(1)); }
    void step() { id_ = rows_->row() ? rows_->number(0) : none; }

private:
    SQLite::Database db_;
    std::optional<statement> rows_;
    posthorn::id id_ = none;
};

std::map<name_id, std::int64_t> count(std::vector<rising_events> files) {
    std::map<name_id, std::int64_t> out;
    for (;;) {
        const auto first = std::ranges::min_element(files, {}, &rising_events::id);
        const auto id = first->id();
        if (id == none)
            return out;
        ++out[first->source()];
        for (auto& f : files)
            if (f.id() == id)
                f.step();
    }
}

} // namespace

std::map<name_id, std::int64_t> taken_in(const std::filesystem::path& live,
                                         const std::filesystem::path& history, instant from,
                                         instant until) {
    try {
        std::vector<rising_events> files;
        files.emplace_back(live, from, until); // first: what leaves it meanwhile is in history
        for (const auto& [month, file] : archive::months(history))
            if (month >= archive::month_named(from)) // an event finishes after it came
                files.emplace_back(file, from, until);
        return count(std::move(files));
    } catch (const SQLite::Exception& e) {
        throw std::runtime_error("counting today's events of " + live.string() + ": " + e.what());
    }
}

} // namespace posthorn::store
