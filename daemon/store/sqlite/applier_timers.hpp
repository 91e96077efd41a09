// Steps of timers: the part of the applier that does those.
#pragma once

#include "model/id.hpp"
#include "model/message.hpp"
#include "store/sqlite/connection.hpp"
#include "store/sqlite/tally.hpp"

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace posthorn::store {

struct outcome;
struct begun_step;
struct begin_timer;
struct cancel_steps;
struct forget_steps;

class timers_applier {
public:
    timers_applier(SQLite::Database& db, tally& tallies, id_source& ids);

    // False: it does not wait any more, or for another time.
    bool made(posthorn::id step, instant due_at, instant at);
    // Steps of this source and subject that wait, of types that one of these patterns takes in, begun by
    // what had occurred until then; how many. One that had been made stays so.
    int withdraw(name_id source, std::string_view subject, std::string_view patterns,
                 instant occurred_until);

    outcome apply(const begin_timer&);
    outcome apply(const cancel_steps&);
    outcome apply(const forget_steps&);

private:
    struct known_step {
        posthorn::id id = 0;
        std::string type;
        instant due_at{}, made_at{}, occurred_at{};
    };
    std::vector<known_step> known(const begin_timer& o);
    void put(const begin_timer& o, const begun_step& step, const known_step* before);
    void drop(const known_step& step);

    tally& tallies_;
    id_source& ids_;
    statement find_, put_, drop_, occurred_, made_, waiting_, cancel_, cancel_some_, forget_;
};

} // namespace posthorn::store
