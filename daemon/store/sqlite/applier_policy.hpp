// What policy has messages wait for, and texts that count: the part of the applier that does those.
#pragma once

#include "model/counted_text.hpp"
#include "model/id.hpp"
#include "store/sqlite/connection.hpp"

#include <string>

namespace posthorn::store {

struct outcome;
struct uncount;
struct forgive_text;
struct forget_counted;

class policy_applier {
public:
    explicit policy_applier(SQLite::Database& db);

    void count(posthorn::id message, const counted_text& text);
    void waits(posthorn::id message, instant until);
    void waits_no_more(posthorn::id message);
    bool is_put_off(posthorn::id message); // and nothing of it was ever handed to an account

    outcome apply(const uncount&);
    outcome apply(const forgive_text&);
    outcome apply(const forget_counted&);

private:
    statement count_, uncount_, forgive_, forget_counted_, forget_covers_;
    statement waits_, waits_no_more_, is_put_off_, forget_waits_;
};

} // namespace posthorn::store
