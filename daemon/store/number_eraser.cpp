#include "store/number_eraser.hpp"

#include "store/fault_point.hpp"
#include "store/month_file.hpp"
#include "store/row_windows.hpp"

#include <vector>

namespace posthorn::store {

namespace {

constexpr std::chrono::seconds patience{2};

void overwrite_free_pages(SQLite::Database& db) {
    {
        statement row(db, "PRAGMA freelist_count");
        row.row();
        if (row.number(0) == 0)
            return;
    }
    db.exec("CREATE TABLE IF NOT EXISTS blank(octets BLOB NOT NULL)");
    for (bool more = true; more;) {
        SQLite::Transaction some(db, SQLite::TransactionBehavior::IMMEDIATE);
        more = fill_free_pages(db);
        some.commit();
    }
    for (int given = 1; given > 0;)
        given = db.exec("DELETE FROM blank WHERE rowid=(SELECT max(rowid) FROM blank)");
    db.exec("DROP TABLE blank");
}

void leave_no_log(SQLite::Database& db) {
    if (!empty_log(db, patience))
        throw std::runtime_error(db.getFilename() +
                                 "-wal cannot be emptied: somebody reads the file all the time");
}

void leave_nothing(SQLite::Database& db) {
    overwrite_free_pages(db);
    leave_no_log(db);
}

// The rows of a month's messages that name it.
struct named_message {
    posthorn::id message = 0, event = 0;
    std::string instead;
};

class month_eraser {
public:
    month_eraser(const std::filesystem::path& month, const erased_number& of)
        : db_(open_for_change(month)), of_(of) {
        can_tell_names(db_, of.spellings);
    }

    std::int64_t erase(const std::stop_token& stop) {
        if (!db_.tableExists("message")) // it is just being made
            return 0;
        in_windows(db_, "message", stop,
                   [&](posthorn::id after, posthorn::id last) { erase_messages(after, last); });
        if (db_.tableExists("letter"))
            erased_ += statement(db_, "DELETE FROM letter WHERE phone=?").bind(of_.number).run();
        if (db_.tableExists("inbound"))
            in_windows(db_, "inbound", stop,
                       [&](posthorn::id after, posthorn::id last) { erase_texts(after, last); });
        leave_nothing(db_);
        return erased_;
    }

private:
    void erase_messages(posthorn::id after, posthorn::id last) {
        std::vector<named_message> found;
        statement rows(db_, "SELECT m.id, m.event, e.type FROM message AS m CROSS JOIN event AS e "
                            "ON e.id=m.event WHERE m.id>? AND m.id<=? AND (m.recipient=? "
                            "OR names_it(m.text) OR names_it(e.to_ref) OR names_it(e.subject) "
                            "OR names_it(e.data))");
        rows.bind(after, last, of_.number);
        while (rows.row())
            found.push_back({rows.number(0), rows.number(1), of_.instead_in(rows.text(2))});
        if (found.empty())
            return;
        SQLite::Transaction all(db_, SQLite::TransactionBehavior::IMMEDIATE);
        for (const auto& m : found)
            erase_message(m);
        let_be_sealed_again();
        fault_point("number erased in a month");
        all.commit();
        erased_ += static_cast<std::int64_t>(found.size());
    }

    void erase_message(const named_message& m) {
        statement(db_, "UPDATE message SET text='', "
                       "recipient=CASE recipient WHEN ?3 THEN ?2 ELSE recipient END WHERE id=?1")
            .bind(m.message, m.instead, of_.number)
            .run();
        statement(db_, "UPDATE part SET octets=x'' WHERE message=?").bind(m.message).run();
        if (db_.tableExists("decision"))
            statement(db_, "UPDATE decision SET reason='erased' WHERE about IN (?,?)")
                .bind(m.message, m.event)
                .run();
        statement(db_,
                  "UPDATE event SET subject='', data='', "
                  "to_ref=CASE WHEN names_it(to_ref) THEN ?2 ELSE to_ref END WHERE id=?1 "
                  "AND (to_kind IN ('number', 'email', 'account', 'customer') OR names_it(data))")
            .bind(m.event, m.instead)
            .run();
        mend_copied(db_, m.message - 1, m.message);
    }

    // One index is gone; one that is being made is of what was there before, and counts the rows.
    void let_be_sealed_again() {
        if (db_.tableExists("copied"))
            db_.exec("INSERT INTO copied(first, last, numbers) VALUES(0, 0, x'')");
        unseal(db_.getFilename());
    }

    void erase_texts(posthorn::id after, posthorn::id last) {
        std::vector<posthorn::id> found;
        statement rows(db_, "SELECT id FROM inbound WHERE id>? AND id<=? "
                            "AND (names_it(sender) OR names_it(text))");
        rows.bind(after, last);
        while (rows.row())
            found.push_back(rows.number(0));
        if (found.empty())
            return;
        SQLite::Transaction all(db_, SQLite::TransactionBehavior::IMMEDIATE);
        statement erase(db_,
                        "UPDATE inbound SET text='', octets=x'', "
                        "sender=CASE WHEN names_it(sender) THEN ?2 ELSE sender END WHERE id=?1");
        for (const auto id : found)
            erase.bind(id, erased_number::nothing).run();
        all.commit();
        erased_ += static_cast<std::int64_t>(found.size());
    }

    SQLite::Database db_;
    const erased_number& of_;
    std::int64_t erased_ = 0;
};

class results_eraser {
public:
    results_eraser(const std::filesystem::path& file, const erased_number& of)
        : db_(open_for_change(file)), of_(of) {
        can_tell_names(db_, of.spellings);
    }

    std::int64_t erase(const std::stop_token& stop) {
        if (!db_.tableExists("inbox_callback")) // it is just being made, or of an earlier release
            return 0;
        in_windows(db_, "result_row", stop, [&](posthorn::id after, posthorn::id last) {
            erase_results(after, last);
            erase_recipients(after, last);
        });
        in_windows(db_, "inbox", stop,
                   [&](posthorn::id after, posthorn::id last) { erase_inbox(after, last); });
        leave_nothing(db_);
        return erased_;
    }

private:
    void erase_results(posthorn::id after, posthorn::id last) {
        std::vector<std::pair<posthorn::id, std::string>> found;
        statement rows(db_, "SELECT id, type FROM result_row WHERE id>? AND id<=? AND recipient=?");
        rows.bind(after, last, of_.number);
        while (rows.row())
            found.emplace_back(rows.number(0), of_.instead_in(rows.text(1)));
        if (found.empty())
            return;
        SQLite::Transaction all(db_, SQLite::TransactionBehavior::IMMEDIATE);
        statement erase(db_, "UPDATE result_row SET recipient=? WHERE id=?");
        for (const auto& [id, instead] : found)
            erase.bind(instead, id).run();
        all.commit();
        fault_point("number erased in results");
        erased_ += static_cast<std::int64_t>(found.size());
    }

    void erase_recipients(posthorn::id after, posthorn::id last) {
        struct named {
            posthorn::id row, message;
            std::string instead;
        };
        std::vector<named> found;
        statement rows(db_, "SELECT r.id, m.message, r.type FROM result_row AS r "
                            "CROSS JOIN recipient_row AS m ON m.id=r.id "
                            "WHERE r.id>? AND r.id<=? AND m.recipient=?");
        rows.bind(after, last, of_.number);
        while (rows.row())
            found.push_back({rows.number(0), rows.number(1), of_.instead_in(rows.text(2))});
        if (found.empty())
            return;
        SQLite::Transaction all(db_, SQLite::TransactionBehavior::IMMEDIATE);
        statement erase(db_, "UPDATE recipient_row SET recipient=? WHERE id=? AND message=?");
        for (const auto& one : found)
            erase.bind(one.instead, one.row, one.message).run();
        all.commit();
        erased_ += static_cast<std::int64_t>(found.size());
    }

    void erase_inbox(posthorn::id after, posthorn::id last) {
        erased_ += statement(db_, "UPDATE inbox SET text='', data='{}', "
                                  "number=CASE number WHEN ?3 THEN ?4 ELSE number END "
                                  "WHERE id>?1 AND id<=?2 "
                                  "AND (number=?3 OR names_it(text) OR names_it(data))")
                       .bind(after, last, of_.number, erased_number::nothing)
                       .run();
        statement(db_, "UPDATE inbox_callback SET number=?4 WHERE id>?1 AND id<=?2 AND number=?3")
            .bind(after, last, of_.number, erased_number::nothing)
            .run();
    }

    SQLite::Database db_;
    const erased_number& of_;
    std::int64_t erased_ = 0;
};

} // namespace

std::int64_t erase_in_month(const std::filesystem::path& month, const erased_number& of,
                            const std::stop_token& stop) {
    return month_eraser(month, of).erase(stop);
}

std::int64_t erase_in_results(const std::filesystem::path& file, const erased_number& of,
                              const std::stop_token& stop) {
    return results_eraser(file, of).erase(stop);
}

std::int64_t rows_in_outbox(const std::filesystem::path& file, const erased_number& of) {
    auto db = open_for_change(file);
    can_tell_names(db, of.spellings);
    if (!db.tableExists("outbox"))
        return 0;
    statement rows(db, "SELECT count(*) FROM outbox WHERE names_it(to_ref) OR names_it(subject) "
                       "OR names_it(data)");
    rows.row();
    return rows.number(0);
}

void overwrite_deleted_in_outbox(const std::filesystem::path& file) {
    auto db = open_for_change(file);
    leave_nothing(db);
}

} // namespace posthorn::store
