// Numbers, customer accounts, bindings, PINs, codes and nuisances: the part of the applier that does those.
#pragma once

#include "model/id.hpp"
#include "store/sqlite/connection.hpp"

namespace posthorn::store {

struct outcome;
struct put_person;
struct put_customer_account;
struct bind;
struct unbind;
struct set_pin;
struct count_try;
struct clear_tries;
struct put_binding_code;
struct use_binding_code;
struct put_nuisance;

class bindings_applier {
public:
    bindings_applier(SQLite::Database& db, id_source& ids);

    outcome apply(const put_person&);
    outcome apply(const put_customer_account&);
    outcome apply(const bind&);
    outcome apply(const unbind&);
    outcome apply(const set_pin&);
    outcome apply(const count_try&);
    outcome apply(const clear_tries&);
    outcome apply(const put_binding_code&);
    outcome apply(const use_binding_code&);
    outcome apply(const put_nuisance&);

private:
    bool is_older_than_change(const std::string& number, const std::string& account, bool bound,
                              instant at);

    void log_what_import_bound(const std::string& number, const std::string& account, instant now);

    id_source& ids_;
    statement change_person_, add_person_, change_account_, add_account_;
    statement bind_, contact_for_, unlogged_, unbind_, log_, moving_, agree_;
    statement set_pin_, clear_pin_;
    statement tries_, count_, clear_tries_;
    statement put_code_, code_open_, count_code_, use_code_;
    statement put_nuisance_, drop_nuisance_;
};

} // namespace posthorn::store
