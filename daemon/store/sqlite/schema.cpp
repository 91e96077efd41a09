#include "store/sqlite/schema.hpp"

#include "embedded/001_live.hpp"
#include "embedded/002_operations.hpp"
#include "embedded/003_pause_of_source.hpp"
#include "embedded/004_inbound.hpp"
#include "embedded/005_people.hpp"
#include "embedded/006_consent.hpp"
#include "embedded/007_topics.hpp"
#include "embedded/008_passing.hpp"
#include "embedded/009_nuisance.hpp"
#include "embedded/010_audience.hpp"
#include "embedded/011_erasure.hpp"
#include "embedded/012_policy.hpp"
#include "embedded/013_withdrawal.hpp"
#include "embedded/014_timers.hpp"
#include "embedded/015_email.hpp"
#include "embedded/016_books.hpp"
#include "embedded/017_opened.hpp"
#include "embedded/018_wishes.hpp"
#include "embedded/019_wording.hpp"
#include "embedded/020_notices.hpp"
#include "embedded/021_learned.hpp"
#include "embedded/022_cost.hpp"
#include "embedded/023_failover.hpp"
#include "embedded/024_vulnerable_first.hpp"
#include "embedded/025_feedback.hpp"

#include <array>
#include <stdexcept>

namespace posthorn::store {

void migrate(SQLite::Database& db, const std::filesystem::path& file) {
    static constexpr std::array steps{
        embedded::live_sql,       embedded::operations_sql, embedded::pause_of_source_sql,
        embedded::inbound_sql,    embedded::people_sql,     embedded::consent_sql,
        embedded::topics_sql,     embedded::passing_sql,    embedded::nuisance_sql,
        embedded::audience_sql,   embedded::erasure_sql,    embedded::policy_sql,
        embedded::withdrawal_sql, embedded::timers_sql,     embedded::email_sql,
        embedded::books_sql,      embedded::opened_sql,     embedded::wishes_sql,
        embedded::wording_sql,    embedded::notices_sql,    embedded::learned_sql,
        embedded::cost_sql,       embedded::failover_sql,   embedded::vulnerable_first_sql,
        embedded::feedback_sql};
    statement version(db, "PRAGMA user_version");
    version.row();
    const auto have = static_cast<std::size_t>(version.number(0));
    version.reset();
    if (have > steps.size())
        throw std::runtime_error(file.string() + ": schema " + std::to_string(have) +
                                 " is newer than this posthornd knows (" +
                                 std::to_string(steps.size()) +
                                 "): start the version that wrote it");
    for (std::size_t i = have; i < steps.size(); ++i) {
        SQLite::Transaction all(db, SQLite::TransactionBehavior::IMMEDIATE);
        db.exec(std::string(steps[i]));
        db.exec("PRAGMA user_version = " + std::to_string(i + 1));
        all.commit();
    }
}

} // namespace posthorn::store
