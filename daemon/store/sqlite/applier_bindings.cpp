#include "store/sqlite/applier_bindings.hpp"

#include "store/ops.hpp"

namespace posthorn::store {

bindings_applier::bindings_applier(SQLite::Database& db, id_source& ids)
    : ids_(ids),
      change_person_(db, "UPDATE person SET name=ifnull(?2,name), role=ifnull(?3,role), "
                         "tier=ifnull(?4,tier), area=ifnull(?5,area), "
                         "language=ifnull(?6,language), updated_at=?7, email=ifnull(?8,email), "
                         "channel=ifnull(?9,channel), zone=ifnull(?10,zone), "
                         "hours=ifnull(?11,hours) WHERE number=?1 AND (name, role, tier, area, "
                         "language, email, channel, zone, hours) <> (ifnull(?2,name), "
                         "ifnull(?3,role), ifnull(?4,tier), ifnull(?5,area), ifnull(?6,language), "
                         "ifnull(?8,email), ifnull(?9,channel), ifnull(?10,zone), "
                         "ifnull(?11,hours))"),
      add_person_(db, "INSERT OR IGNORE INTO person VALUES(?1, ifnull(?2,''), ifnull(?3,''), "
                      "ifnull(?4,''), ifnull(?5,''), ifnull(?6,''), '', 0, 0, ?7, "
                      "ifnull(?8,''), ifnull(?9,''), ifnull(?10,''), ifnull(?11,''))"),
      change_account_(db, "UPDATE customer_account SET name=ifnull(?2,name), area=ifnull(?3,area), "
                          "tier=ifnull(?4,tier), language=ifnull(?5,language), updated_at=?6, "
                          "customer=ifnull(?7,customer), vulnerable=ifnull(?8,vulnerable) "
                          "WHERE account=?1 AND (name, area, tier, language, customer, vulnerable) "
                          "<> (ifnull(?2,name), ifnull(?3,area), ifnull(?4,tier), "
                          "ifnull(?5,language), ifnull(?7,customer), ifnull(?8,vulnerable))"),
      add_account_(db, "INSERT OR IGNORE INTO customer_account VALUES(?1, ifnull(?2,''), "
                       "ifnull(?3,''), ifnull(?4,''), ifnull(?5,''), ?6, ifnull(?7,''), "
                       "ifnull(?8,''))"),
      bind_(db, "INSERT OR IGNORE INTO binding VALUES(?,?,?,?,?,ifnull(?,''),?)"),
      contact_for_(db, "UPDATE binding SET contact=?3 WHERE number=?1 AND account=?2 "
                       "AND contact<>?3"),
      unlogged_(db, "SELECT how, who, reason, at FROM binding WHERE number=? AND account=? "
                    "AND reason<>''"),
      unbind_(db, "DELETE FROM binding WHERE number=? AND account=?"),
      log_(db, "INSERT INTO binding_log VALUES(?,?,?,?,?,?,?,?)"),
      moving_(db, "SELECT id, to_number FROM contact_change WHERE account=?1 AND "
                  "state='waiting' AND ?2 IN (from_number, to_number) "
                  "ORDER BY to_number=?2 DESC, id DESC LIMIT 1"),
      agree_(db, "UPDATE contact_change SET state='agreed', settled_at=?3, settled_by='import' "
                 "WHERE account=?1 AND id<=?2 AND state='waiting'"),
      set_pin_(
          db,
          "INSERT INTO person(number, name, role, tier, area, language, pin, tries, locked_until, "
          "updated_at) VALUES(?1,'','','','','',?2,0,0,?3) ON CONFLICT(number) "
          "DO UPDATE SET pin=?2, tries=0, locked_until=0, updated_at=?3"),
      clear_pin_(db, "UPDATE person SET pin='', tries=0, locked_until=0, updated_at=?2 "
                     "WHERE number=?1 AND pin<>''"),
      tries_(db, "SELECT tries, locked_until FROM person WHERE number=?"),
      count_(
          db,
          "INSERT INTO person(number, name, role, tier, area, language, pin, tries, locked_until, "
          "updated_at) VALUES(?1,'','','','','','',?2,?3,?4) ON CONFLICT(number) "
          "DO UPDATE SET tries=?2, locked_until=?3"),
      clear_tries_(db, "UPDATE person SET tries=0, locked_until=0 WHERE number=? AND tries>0"),
      put_code_(db, "INSERT OR REPLACE INTO binding_code VALUES(?,?,?,0)"),
      code_open_(db, "SELECT 1 FROM binding_code WHERE account=? AND expires_at>? AND tries<?"),
      count_code_(db, "UPDATE binding_code SET tries=tries+1 WHERE account=?"),
      use_code_(db, "DELETE FROM binding_code WHERE account=? AND hash=? AND expires_at>?"),
      put_nuisance_(db, "INSERT OR REPLACE INTO nuisance VALUES(?,?,?,?,?)"),
      drop_nuisance_(db, "DELETE FROM nuisance WHERE number=?") {}

outcome bindings_applier::apply(const put_person& o) {
    const auto filled = [&](statement& with) -> statement& {
        return with.bind(o.number, o.name, o.role, o.tier, o.area, o.language, o.at, o.email,
                         o.channel, o.zone, o.hours);
    };
    if (filled(change_person_).run() > 0)
        return {};
    auto out = applied_if(filled(add_person_).run());
    out.added = out.what == outcome::code::applied;
    return out;
}

outcome bindings_applier::apply(const put_customer_account& o) {
    const auto vulnerable =
        o.vulnerable ? std::optional<std::string>(*o.vulnerable ? "yes" : "") : std::nullopt;
    const auto filled = [&](statement& with) -> statement& {
        return with.bind(o.account, o.name, o.area, o.tier, o.language, o.at, o.customer,
                         vulnerable);
    };
    if (filled(change_account_).run() > 0)
        return {};
    auto out = applied_if(filled(add_account_).run());
    out.added = out.what == outcome::code::applied;
    return out;
}

// Its owner has yet to agree to a change of the account's contact number: until then what it exports
// is older than the change, and changes neither number. Where it has the new number, it has agreed.
bool bindings_applier::is_older_than_change(const std::string& number, const std::string& account,
                                            bool bound, instant at) {
    const bool moving = moving_.bind(account, number).row();
    const auto id = moving ? moving_.number(0) : 0;
    const bool is_new = moving && moving_.text(1) == number;
    moving_.reset();
    if (moving && is_new && bound)
        agree_.bind(account, id, at).run(); // and to those that led to it
    return moving;
}

outcome bindings_applier::apply(const bind& o) {
    if (o.how == binding_way::import && is_older_than_change(o.number, o.account, true, o.at))
        return {.what = outcome::code::stale};
    const bool logged = o.how != binding_way::import;
    const std::string_view kept = logged ? std::string_view() : o.reason;
    const auto out =
        applied_if(bind_.bind(o.number, o.account, o.how, o.who, o.at, o.contact, kept).run());
    if (out.what != outcome::code::applied && o.contact)
        return applied_if(contact_for_.bind(o.number, o.account, *o.contact).run());
    if (out.what == outcome::code::applied && kept.empty())
        log_.bind(ids_.next(o.at), o.number, o.account, 1, o.how, o.who, o.reason, o.at).run();
    return out;
}

void bindings_applier::log_what_import_bound(const std::string& number, const std::string& account,
                                             instant now) {
    auto& row = unlogged_.bind(number, account);
    if (row.row())
        log_.bind(ids_.next(now), number, account, 1, row.number(0), row.text(1), row.text(2),
                  row.time(3))
            .run();
    row.reset();
}

outcome bindings_applier::apply(const unbind& o) {
    if (o.how == binding_way::import && is_older_than_change(o.number, o.account, false, o.at))
        return {.what = outcome::code::stale};
    log_what_import_bound(o.number, o.account, o.at);
    const auto out = applied_if(unbind_.bind(o.number, o.account).run());
    if (out.what == outcome::code::applied)
        log_.bind(ids_.next(o.at), o.number, o.account, 0, o.how, o.who, o.reason, o.at).run();
    return out;
}

outcome bindings_applier::apply(const set_pin& o) {
    if (o.hash.empty())
        return applied_if(clear_pin_.bind(o.number, o.at).run());
    return applied_if(set_pin_.bind(o.number, o.hash, o.at).run());
}

outcome bindings_applier::apply(const count_try& o) {
    const bool known = tries_.bind(o.number).row();
    const auto tries = static_cast<unsigned>(known ? tries_.number(0) : 0) + 1;
    const bool locked = known && tries_.time(1) > o.at;
    tries_.reset();
    if (locked)
        return {.what = outcome::code::stale};
    count_.bind(o.number, tries, locked_until(o.rule, tries, o.at), o.at).run();
    if (o.account.empty())
        return {};
    const bool open = code_open_.bind(o.account, o.at, o.rule.tries).row();
    code_open_.reset();
    if (!open)
        return {.what = outcome::code::stale};
    count_code_.bind(o.account).run();
    return {};
}

outcome bindings_applier::apply(const clear_tries& o) {
    return applied_if(clear_tries_.bind(o.number).run());
}

outcome bindings_applier::apply(const put_binding_code& o) {
    put_code_.bind(o.account, o.hash, o.expires_at).run();
    return {};
}

outcome bindings_applier::apply(const use_binding_code& o) {
    const auto out = applied_if(use_code_.bind(o.account, o.hash, o.at).run());
    if (out.what != outcome::code::applied)
        return out;
    apply(posthorn::store::bind{.number = o.number,
                                .account = o.account,
                                .how = binding_way::text,
                                .who = o.number,
                                .reason = o.reason,
                                .at = o.at});
    clear_tries_.bind(o.number).run();
    return out;
}

outcome bindings_applier::apply(const put_nuisance& o) {
    const auto& n = o.what;
    if (n.until > n.since)
        return applied_if(put_nuisance_.bind(n.number, n.since, n.until, n.who, n.reason).run());
    return applied_if(drop_nuisance_.bind(n.number).run());
}

} // namespace posthorn::store
