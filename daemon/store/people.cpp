#include "store/people.hpp"

#include "store/bounded_read.hpp"
#include "store/sqlite/rows.hpp"

namespace posthorn::store {

namespace {

constexpr std::size_t most_numbers = 100; // of one account

// The newest first. What an import has bound is not in the log before it goes: it has its place by its
// time, as all have by their ids.
std::string changes_where(const std::string& of) {
    const std::string columns = ", number, account, 1 AS bound, how, who, reason, at ";
    const auto by_time = "(at - " + std::to_string(id_epoch_micros) + ") << 12";
    return "SELECT id, number, account, bound, how, who, reason, at FROM "
           "(SELECT id, number, account, bound, how, who, reason, at FROM binding_log WHERE " +
           of + " UNION ALL SELECT " + by_time + columns + "FROM binding WHERE " + of +
           " AND reason<>'') ORDER BY CASE WHEN bound=1 AND how=" +
           std::to_string(static_cast<int>(binding_way::import)) + " THEN " + by_time +
           " ELSE id END DESC LIMIT ?2";
}

customer_account read_account(statement& row, int first) {
    return {.account = std::string(row.text(first)),
            .name = std::string(row.text(first + 1)),
            .area = std::string(row.text(first + 2)),
            .tier = std::string(row.text(first + 3)),
            .language = std::string(row.text(first + 4)),
            .vulnerable = !row.text(first + 5).empty()};
}

std::vector<binding_change> read_changes(statement& rows) {
    std::vector<binding_change> out;
    while (rows.row())
        out.push_back({.id = rows.number(0),
                       .number = std::string(rows.text(1)),
                       .account = std::string(rows.text(2)),
                       .bound = rows.number(3) != 0,
                       .how = static_cast<binding_way>(rows.number(4)),
                       .who = std::string(rows.text(5)),
                       .reason = std::string(rows.text(6)),
                       .at = rows.time(7)});
    return out;
}

} // namespace

struct people_reader::connection : live_connection {
    explicit connection(const std::filesystem::path& file);

    statement person, accounts;
};

people_reader::connection::connection(const std::filesystem::path& file)
    : live_connection(file),
      person(live, "SELECT name, role, tier, area, language, pin, tries, locked_until, "
                   "email, channel, zone, hours FROM person WHERE number=?"),
      accounts(live, "SELECT b.account, ifnull(a.name,''), ifnull(a.area,''), ifnull(a.tier,''), "
                     "ifnull(a.language,''), ifnull(a.vulnerable,'') FROM binding AS b LEFT JOIN "
                     "customer_account AS a "
                     "ON a.account=b.account WHERE b.number=? ORDER BY b.account") {}

template <class Work>
auto people_reader::ask(Work work) {
    return bounded_read(live_, open_, std::move(work));
}

people_reader::people_reader(std::filesystem::path live) : live_(std::move(live)) {}

people_reader::~people_reader() = default;

std::vector<person> people_reader::persons(std::span<const std::string> numbers) {
    return ask([&](connection& c) {
        std::vector<person> out;
        out.reserve(numbers.size());
        for (const auto& number : numbers) {
            auto& p = out.emplace_back();
            p.number = number;
            if (c.person.bind(number).row()) {
                p.known = true;
                p.name = c.person.text(0);
                p.role = c.person.text(1);
                p.tier = c.person.text(2);
                p.area = c.person.text(3);
                p.language = c.person.text(4);
                p.pin = c.person.text(5);
                p.tries = static_cast<unsigned>(c.person.number(6));
                p.locked_until = c.person.time(7);
                p.email = c.person.text(8);
                p.channel = c.person.text(9);
                p.zone = c.person.text(10);
                p.hours = c.person.text(11);
            }
            c.person.reset();
            c.accounts.bind(number);
            while (c.accounts.row())
                p.accounts.push_back(read_account(c.accounts, 0));
        }
        return out;
    });
}

person people_reader::person_of(const std::string& number) {
    return std::move(persons(std::span(&number, 1)).front());
}

account_story people_reader::by_account(std::string_view account, instant now) {
    return ask([&](connection& c) {
        account_story out{.account = {.account = std::string(account)}};
        statement known(c.live, "SELECT account, name, area, tier, language, vulnerable "
                                "FROM customer_account WHERE account=?");
        out.known = known.bind(account).row();
        if (out.known)
            out.account = read_account(known, 0);
        statement rows(c.live,
                       "SELECT b.number, ifnull(p.name,''), ifnull(p.role,''), b.how, b.who, b.at "
                       "FROM binding AS b LEFT JOIN person AS p ON p.number=b.number "
                       "WHERE b.account=? ORDER BY b.number LIMIT ?");
        rows.bind(account, most_numbers);
        while (rows.row())
            out.numbers.push_back({.number = std::string(rows.text(0)),
                                   .name = std::string(rows.text(1)),
                                   .role = std::string(rows.text(2)),
                                   .how = static_cast<binding_way>(rows.number(3)),
                                   .who = std::string(rows.text(4)),
                                   .at = rows.time(5)});
        statement code(c.live, "SELECT 1 FROM binding_code WHERE account=? AND expires_at>?");
        out.has_code = code.bind(account, now).row();
        return out;
    });
}

std::optional<binding_code> people_reader::code_of(std::string_view account) {
    return ask([&](connection& c) -> std::optional<binding_code> {
        statement code(c.live, "SELECT hash, expires_at, tries FROM binding_code WHERE account=?");
        if (!code.bind(account).row())
            return std::nullopt;
        return binding_code{.hash = std::string(code.text(0)),
                            .expires_at = code.time(1),
                            .tries = static_cast<unsigned>(code.number(2))};
    });
}

std::vector<binding_change> people_reader::changes_of_number(std::string_view number,
                                                             std::size_t limit) {
    return ask([&](connection& c) {
        statement rows(c.live, changes_where("number=?1"));
        return read_changes(rows.bind(number, limit));
    });
}

std::vector<binding_change> people_reader::changes_of_account(std::string_view account,
                                                              std::size_t limit) {
    return ask([&](connection& c) {
        statement rows(c.live, changes_where("account=?1"));
        return read_changes(rows.bind(account, limit));
    });
}

std::vector<nuisance> people_reader::nuisances(std::string_view after, std::size_t limit) {
    return ask([&](connection& c) {
        statement rows(c.live, "SELECT number, since, until, who, reason FROM nuisance "
                               "WHERE number>? ORDER BY number LIMIT ?");
        rows.bind(after, limit);
        std::vector<nuisance> out;
        while (rows.row())
            out.push_back(read_nuisance(rows));
        return out;
    });
}

} // namespace posthorn::store
