// Changes of contact numbers and crews' reports: the part of the applier that does those.
#pragma once

#include "model/id.hpp"
#include "store/sqlite/connection.hpp"

namespace posthorn::store {

struct outcome;
struct change_contact;
struct settle_contact_change;
struct add_work_report;
struct end_work_report;
class bindings_applier;

class reports_applier {
public:
    reports_applier(SQLite::Database& db, bindings_applier& bindings, id_source& ids);

    outcome change(const change_contact&); // all but what its owner is told
    outcome apply(const settle_contact_change&);
    outcome apply(const add_work_report&);
    outcome apply(const end_work_report&);

private:
    void refuse(const settle_contact_change& o, const std::string& account,
                const std::string& from);

    bindings_applier& bindings_;
    id_source& ids_;
    statement bound_, add_change_, waiting_change_, waiting_since_, settle_change_;
    statement same_report_, end_report_, add_report_;
};

} // namespace posthorn::store
