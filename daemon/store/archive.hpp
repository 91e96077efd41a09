// history/YYYY-MM.db: finished messages, copied here and only then forgotten in live.db. Copying
// twice is harmless; where both files have a row, live wins. One thread.
#pragma once

#include "model/state.hpp"
#include "store/ops.hpp"
#include "store/told_message.hpp"

#include <map>
#include <memory>
#include <optional>
#include <set>
#include <span>
#include <vector>

namespace posthorn::store {

class archive {
public:
    archive(std::filesystem::path live, std::filesystem::path folder);
    ~archive();

    // Durable when it returns. Tells of those that lie in live.db and are final. Of types that are
    // `redacted` neither text nor data comes along.
    std::vector<told_message> copy(std::span<const posthorn::id> finished, instant now,
                                   const std::set<name_id>& redacted = {});

    // A receipt for a message that lies here: applied to its month by the table of model/state.hpp.
    // Nothing when the month is gone. Done again it tells the same.
    struct late_receipt {
        posthorn::id receipt = 0; // its row in live.db
        posthorn::id message = 0;
        std::uint8_t n = 1;
        part_event what = part_event::deliver;
        std::string code;
        instant at{};
    };
    struct corrected {
        told_message told;
        forget::taken change;
    };
    std::optional<corrected> correct(const late_receipt& receipt);

    // Unlinks the months that ended before `before`, and names them; but never the present or the
    // previous one, nor one with events above `keys_sealed_through` whose keys must still be
    // remembered: start reads those from here.
    std::vector<std::string> drop(instant before, instant now, posthorn::id keys_sealed_through);

    // Of these messages the ones that lie in no month.
    std::vector<posthorn::id> missing(std::vector<posthorn::id> messages) const;
    // The beginning of the oldest month there is.
    std::optional<instant> oldest() const;

    // "2026-11"
    static std::string month_named(instant t);
    static instant end_of(std::string_view month);
    // The months there are, newest first, with their files.
    static std::map<std::string, std::filesystem::path, std::greater<>>
    months(const std::filesystem::path& folder);

private:
    struct month;
    static corrected correct_in(month& m, const late_receipt& r);
    static corrected note_correction(month& m, const late_receipt& r, part_state part_was,
                                     message_state was);
    using by_month = std::map<std::chrono::year_month, std::vector<posthorn::id>>;
    struct copying { // while copy() lasts
        const std::set<name_id>& redacted;
        std::vector<told_message> copied;
        by_month others; // finished in another month than the one in hand
    };
    void copy_into(std::chrono::year_month when, std::span<const posthorn::id> ids, copying& all);
    month& open(const std::string& name);

    std::filesystem::path live_, folder_;
    std::map<std::string, std::unique_ptr<month>> open_;
};

} // namespace posthorn::store
