#include "store/preferred_addresses.hpp"

#include "store/reader.hpp"
#include "store/sqlite/connection.hpp"

namespace posthorn::store {

struct preferred_addresses::connection {
    explicit connection(const std::filesystem::path& file)
        : live(open_database(file, access::read_only)), commits(live, "PRAGMA data_version"),
          any(live, "SELECT 1 FROM person WHERE channel='email' AND email<>'' LIMIT 1"),
          find(live, "SELECT email FROM person WHERE number=? AND channel='email' AND email<>''") {}

    // Looked at again when others have committed something.
    bool is_needed() {
        commits.row();
        const auto now = commits.number(0);
        commits.reset();
        if (now == seen)
            return needed;
        seen = now;
        needed = any.row();
        any.reset();
        return needed;
    }

    SQLite::Database live;
    statement commits, any, find;
    std::int64_t seen = -1;
    bool needed = false;
};

preferred_addresses::preferred_addresses(std::filesystem::path live) : live_(std::move(live)) {}
preferred_addresses::~preferred_addresses() = default;

std::string preferred_addresses::of(std::string_view number) {
    if (live_.empty() || (!open_ && !std::filesystem::exists(live_)))
        return {};
    try {
        if (!open_)
            open_ = std::make_unique<connection>(live_);
        if (!open_->is_needed() || !open_->find.bind(number).row())
            return {};
        std::string address(open_->find.text(0));
        open_->find.reset();
        return address;
    } catch (const SQLite::Exception& e) {
        open_.reset();
        throw read_failed(live_.string() + ": " + e.what());
    }
}

} // namespace posthorn::store
