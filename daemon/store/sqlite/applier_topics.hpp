// Subscriptions and what topics publish: the part of the applier that does those.
#pragma once

#include "model/id.hpp"
#include "model/subscription.hpp"
#include "store/sqlite/connection.hpp"
#include "store/sqlite/tally.hpp"

namespace posthorn::store {

struct outcome;
struct put_subscription;
struct drop_subscription;
struct add_publication;
struct advance_publication;
struct note_occurrence;
struct subscription_deed;

class topics_applier {
public:
    // `changes`: what the open transaction changed so far, packed.
    topics_applier(SQLite::Database& db, tally& tallies, id_source& ids, std::string& changes);

    outcome apply(const put_subscription&);
    outcome apply(const drop_subscription&);
    outcome apply(const add_publication&);
    outcome apply(const advance_publication&);
    outcome apply(const note_occurrence&);

    // What it comes of is taken back, when it was made into events for all already.
    void taken_back(posthorn::id publication, std::string_view reason);

private:
    void log(std::string_view topic, std::string_view number, std::string_view parameter,
             subscription_change what, const subscription_deed& by);
    void tell_source(posthorn::id publication);

    tally& tallies_;
    id_source& ids_;
    std::string& changes_;
    statement find_, put_, drop_, drop_expired_, log_;
    statement find_publication_, add_publication_, comes_of_, taken_back_, advance_, event_of_,
        raise_version_, note_;
};

} // namespace posthorn::store
