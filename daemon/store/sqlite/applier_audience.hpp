// Areas, groups and how far events for many have come: the part of the applier that does those.
#pragma once

#include "model/id.hpp"
#include "model/state.hpp"
#include "store/sqlite/connection.hpp"

#include <string>

namespace posthorn::store {

struct outcome;
struct put_area;
struct drop_area;
struct put_group;
struct drop_group;
struct put_member;
struct advance_expansion;

class audience_applier {
public:
    // `changes`: what the open transaction changed so far, packed.
    audience_applier(SQLite::Database& db, std::string& changes);

    outcome apply(const put_area&);
    outcome apply(const drop_area&);
    outcome apply(const put_group&);
    outcome apply(const drop_group&);
    outcome apply(const put_member&);

    // An event for many was taken in, a message of it was made, one left for history.
    void begin(posthorn::id event);
    outcome advance(const advance_expansion&);
    void made(posthorn::id event, posthorn::id message);
    void told_first(posthorn::id event, std::string_view number);
    void moved(posthorn::id event, posthorn::id message, message_state last);
    void told(posthorn::id event); // to its source, that it is done
    // Those whose events nobody asks about any more.
    void forget_before(posthorn::id event);

private:
    void forget_if_over(posthorn::id event);

    std::string& changes_;
    statement change_area_, add_area_, drop_area_;
    statement filter_, put_group_, drop_group_, drop_members_, add_member_, drop_member_;
    statement begin_, advance_, told_first_, end_first_, raise_version_, made_, moved_, count_,
        told_, is_over_, forget_event_;
    statement forget_events_, forget_expansions_, forget_tallies_;
};

} // namespace posthorn::store
