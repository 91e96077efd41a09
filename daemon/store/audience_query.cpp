#include "store/audience_query.hpp"

namespace posthorn::store {

namespace {

constexpr std::string_view of_account =
    "SELECT b.number, b.account, ifnull(a.customer,''), ifnull(a.name,''), ifnull(p.name,''), "
    "CASE WHEN ifnull(p.language,'')<>'' THEN p.language ELSE ifnull(a.language,'') END, "
    "ifnull(p.email,''), ifnull(p.channel,'') FROM ";
constexpr std::string_view of_person = "SELECT p.number, '', '', '', p.name, p.language, "
                                       "p.email, p.channel FROM ";
constexpr std::string_view with_person = " LEFT JOIN person AS p ON p.number=b.number WHERE ";
constexpr std::string_view accounts_with_numbers =
    "customer_account AS a CROSS JOIN binding AS b ON b.account=a.account";
constexpr std::string_view numbers_with_accounts =
    "binding AS b CROSS JOIN customer_account AS a ON a.account=b.account";

constexpr std::string_view vulnerable_accounts =
    "customer_account AS v INDEXED BY customer_account_vulnerable_in";
constexpr std::string_view are_vulnerable =
    "v.vulnerable<>'' AND v.area<>'' AND v.area IN (SELECT area FROM below)";
constexpr std::string_view in_area = "a.area<>'' AND a.area IN (SELECT area FROM below)";
constexpr std::string_view second_in_area = " AND a2.area IN (SELECT area FROM below)";
constexpr std::string_view not_told_first =
    " AND NOT EXISTS (SELECT 1 FROM told_first AS f WHERE f.event=?5 AND f.number=";

constexpr std::string_view above_area =
    "WITH RECURSIVE above(area) AS (SELECT ?5 UNION SELECT c.parent FROM area AS c "
    "JOIN above AS o ON c.area=o.area AND c.parent<>'') ";

// 'payer','technical'
std::string listed(const std::vector<std::string>& words) {
    std::string out;
    for (const auto& word : words) {
        out += out.empty() ? "'" : ",'";
        for (const char c : word)
            out += c == '\'' ? std::string("''") : std::string(1, c);
        out += "'";
    }
    return out;
}

class writer {
public:
    explicit writer(const audience& of) : of_(of) {}

    std::string write(bool large) {
        switch (of_.kind) {
        case to_kind::customer:
            add_accounts(accounts_with_numbers, "a.customer=?1 AND a.customer<>''", "");
            break;
        case to_kind::area:
            begin_ = below("?1");
            add_accounts(large ? numbers_with_accounts : accounts_with_numbers,
                         std::string(in_area) + std::string(not_told_first) + "b.number)",
                         second_in_area);
            if (!of_.roles.empty())
                add_persons("person AS p", "p.role IN (" + listed(of_.roles) +
                                               ") AND p.area IN (SELECT area FROM below)" +
                                               std::string(not_told_first) + "p.number)");
            break;
        case to_kind::role:
            begin_ = above_area;
            add_persons("person AS p", "p.role=?1 AND p.role<>'' AND (?5='' OR p.area IN "
                                       "(SELECT area FROM above))");
            break;
        case to_kind::group:
            add_group();
            break;
        default:
            add_accounts("binding AS b LEFT JOIN customer_account AS a ON a.account=b.account",
                         "b.account=?1", "");
        }
        return whole();
    }

    // One account makes its number vulnerable, or where a customer is told once, all of the customer's.
    std::string write_vulnerable() {
        const std::string_view whose = of_.once == one_per::customer
                                           ? "(w.account=v.account OR w.customer=v.customer AND "
                                             "w.customer<>'')"
                                           : "w.account=v.account";
        begin_ = below("?1");
        add_accounts(std::string(vulnerable_accounts) + " CROSS JOIN customer_account AS w ON " +
                         std::string(whose) +
                         " CROSS JOIN binding AS n ON n.account=w.account CROSS JOIN binding AS b "
                         "ON b.number=n.number CROSS JOIN customer_account AS a "
                         "ON a.account=b.account",
                     std::string(are_vulnerable) + " AND " + std::string(in_area), second_in_area);
        return whole();
    }

private:
    std::string whole() const { return begin_ + arms_ + " ORDER BY 1, 2 LIMIT ?4"; }

    std::string behind(std::string_view number, std::string_view account) const {
        if (of_.once == one_per::account)
            return " AND (" + std::string(number) + ", " + std::string(account) + ") > (?2, ?3)";
        return " AND " + std::string(number) + " > ?2";
    }
    std::string contacts(std::string_view binding) const {
        return of_.contacts.empty() ? std::string()
                                    : " AND " + std::string(binding) + ".contact IN (''," +
                                          listed(of_.contacts) + ")";
    }
    void add_arm(const std::string& arm) { arms_ += (arms_.empty() ? "" : " UNION ALL ") + arm; }

    // `also`: what of the audience holds for a2, of the same customer.
    void add_accounts(std::string_view tables, std::string_view which, std::string_view also) {
        std::string once;
        if (of_.once == one_per::customer) // the customer's first number
            once = " AND NOT EXISTS (SELECT 1 FROM customer_account AS a2 CROSS JOIN binding AS b2 "
                   "ON b2.account=a2.account WHERE a2.customer=a.customer AND a2.customer<>'' AND "
                   "b2.number<b.number" +
                   contacts("b2") + std::string(also) + ")";
        add_account_arm(tables, std::string(which) + once);
    }
    void add_account_arm(std::string_view tables, std::string_view which) {
        add_arm(std::string(of_account) + std::string(tables) + std::string(with_person) +
                std::string(which) + contacts("b") + behind("b.number", "b.account"));
    }
    void add_persons(std::string_view tables, std::string_view which) {
        add_arm(std::string(of_person) + std::string(tables) + " WHERE " + std::string(which) +
                behind("p.number", "''"));
    }

    // Its members, and whoever its filter takes: people where it asks for a role, else accounts.
    void add_group() {
        begin_ = below("(SELECT g.area FROM people_group AS g WHERE g.name=?1)");
        add_arm("SELECT g.number, '', '', '', ifnull(p.name,''), ifnull(p.language,''), "
                "ifnull(p.email,''), ifnull(p.channel,'') FROM group_member AS g LEFT JOIN person "
                "AS p ON p.number=g.number "
                "WHERE g.name=?1 AND g.number<>''" +
                behind("g.number", "''"));
        add_account_arm("group_member AS g CROSS JOIN binding AS b ON b.account=g.account "
                        "LEFT JOIN customer_account AS a ON a.account=b.account",
                        "g.name=?1 AND g.account<>''");
        const auto takes = [](const std::string& row) {
            return "f.name=?1 AND f.filters=1 AND f.tier IN ('', " + row +
                   ".tier) AND f.language IN ('', " + row + ".language) AND (f.area='' OR " + row +
                   ".area IN (SELECT area FROM below))";
        };
        add_account_arm("people_group AS f CROSS JOIN " + std::string(numbers_with_accounts),
                        "f.role='' AND " + takes("a"));
        add_persons("people_group AS f CROSS JOIN person AS p",
                    "p.role=f.role AND p.role<>'' AND " + takes("p"));
    }

    const audience& of_;
    std::string begin_, arms_;
};

} // namespace

std::string below(std::string_view area) {
    return "WITH RECURSIVE below(area) AS (SELECT " + std::string(area) +
           " UNION SELECT c.area FROM area AS c JOIN below AS o ON c.parent=o.area "
           "AND c.parent<>'') ";
}

std::string audience_query(const audience& of, bool large) { return writer(of).write(large); }

std::string vulnerable_query(const audience& of) { return writer(of).write_vulnerable(); }

std::string vulnerable_count() {
    return below("?1") + "SELECT count(*) FROM (SELECT 1 FROM " + std::string(vulnerable_accounts) +
           " WHERE " + std::string(are_vulnerable) + " LIMIT ?2)";
}

} // namespace posthorn::store
