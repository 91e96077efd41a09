#include "store/audience.hpp"

#include "store/audience_query.hpp"
#include "store/bounded_read.hpp"
#include "store/due_counter.hpp"
#include "store/withdrawn_finder.hpp"

#include <chrono>
#include <map>

namespace posthorn::store {

namespace {

constexpr std::int64_t large_area = 20'000;             // accounts
constexpr std::int64_t most_first = 10'000;             // vulnerable ones
constexpr std::size_t most_alike = 8;                   // accounts of one number
constexpr std::chrono::milliseconds time_for_many{500}; // then what has been found is the answer

event read_event_for_many(statement& row) {
    return {.id = row.number(0),
            .source = std::string(row.text(1)),
            .outbox_id = row.number(2),
            .key = std::string(row.text(3)),
            .type = std::string(row.text(4)),
            .run = std::string(row.text(5)),
            .subject = std::string(row.text(6)),
            .to_kind = std::string(row.text(7)),
            .to_ref = std::string(row.text(8)),
            .data = std::string(row.text(9)),
            .occurred_at = row.time(10),
            .not_before = row.time(11),
            .expires_at = row.time(12),
            .created_at = row.time(13),
            .received_at = row.time(14)};
}

recipient read_recipient(statement& row) {
    return {.number = std::string(row.text(0)),
            .account = std::string(row.text(1)),
            .customer = std::string(row.text(2)),
            .account_name = std::string(row.text(3)),
            .name = std::string(row.text(4)),
            .language = std::string(row.text(5)),
            .email = std::string(row.text(6)),
            .channel = std::string(row.text(7))};
}

} // namespace

struct audience_reader::connection : live_connection {
    explicit connection(const std::filesystem::path& file)
        : live_connection(file),
          open(live,
               "SELECT e.id, n.name, e.outbox_id, e.key, e.type, e.run, e.subject, "
               "e.to_kind, e.to_ref, e.data, e.occurred_at, e.not_before, e.expires_at, "
               "e.created_at, e.received_at, x.through_number, x.through_account, x.made, "
               "e.source, ifnull(c.reason, ''), x.others "
               "FROM expansion AS x JOIN event AS e ON e.id=x.event "
               "JOIN name AS n ON n.id=e.source LEFT JOIN cancellation AS c ON c.event=x.event "
               "WHERE x.done_at=0 AND x.event>? AND (e.not_before<=? OR c.event IS NOT NULL) "
               "ORDER BY x.event LIMIT ?"),
          in_area(live, below("?1") +
                            "SELECT count(*) FROM (SELECT 1 FROM customer_account WHERE area<>'' "
                            "AND area IN (SELECT area FROM below) LIMIT ?2)"),
          of_customer(live, "SELECT count(*) FROM (SELECT 1 FROM customer_account "
                            "WHERE customer=?1 AND customer<>'' LIMIT ?2)"),
          beside(live, "SELECT count(*) FROM (SELECT 1 FROM customer_account WHERE customer<>'' "
                       "AND customer=(SELECT customer FROM customer_account WHERE account=?1) "
                       "LIMIT ?2)"),
          vulnerable(live, vulnerable_count()), waiting(live), finder(live),
          withdraws(live, "SELECT 1 FROM withdrawal WHERE event=?"),
          told(live, "SELECT t.name FROM name AS n JOIN told AS d ON d.source=n.id "
                     "JOIN name AS t ON t.id=d.type WHERE n.kind='source' AND n.name=?2 "
                     "AND d.number=?1 AND d.about=?3") {}

    void look_at_withdrawals(open_expansion& e, name_id source) {
        if (e.event.subject.empty())
            return;
        if (e.withdrawn.empty())
            e.withdrawn = finder.reason({source, e.event.subject,
                                         what_of(e.event.type, e.event.key), happened_at(e.event)});
        e.withdraws = withdraws.bind(e.event.id).row();
        withdraws.reset();
    }
    bool was_told(const std::string& number, const event& e,
                  const std::vector<std::string>& types) {
        bool any = false;
        told.bind(number, e.source, hash_of_subject(e.subject));
        while (!any && told.row())
            any = any_takes_in(types, told.text(0));
        told.reset();
        return any;
    }

    some_recipients recipients(rest_of_audience rest, std::size_t limit) {
        const auto& of = rest.of;
        if (rest.first && of.kind == to_kind::area && few_are_vulnerable(of.ref)) {
            auto out = read(query(vulnerable_query(of))
                                .bind(of.ref, rest.after_number, rest.after_account, limit),
                            of, limit);
            out.first = true;
            out.last = false;
            if (!out.whom.empty())
                return out;
        }
        if (rest.first) // those behind them, from the beginning
            rest.after_number = rest.after_account = {};
        const auto at = of.kind == to_kind::role ? of.ref.find('@') : std::string::npos;
        const auto ref = of.ref.substr(0, at);
        const auto area = at == std::string::npos ? std::string() : of.ref.substr(at + 1);
        const bool large = of.kind == to_kind::area && is_large(of.ref);
        auto& row = query(audience_query(of, large))
                        .bind(ref, rest.after_number, rest.after_account, limit);
        if (of.kind == to_kind::role)
            row.bind(ref, rest.after_number, rest.after_account, limit, area);
        if (of.kind == to_kind::area)
            row.bind(ref, rest.after_number, rest.after_account, limit, rest.event);
        return read(row, of, limit);
    }
    static some_recipients read(statement& row, const audience& of, std::size_t limit) {
        some_recipients out;
        std::size_t rows = 0;
        for (; row.row(); ++rows) {
            auto r = read_recipient(row);
            const bool again =
                !out.whom.empty() && out.whom.back().number == r.number &&
                (of.once != one_per::account || out.whom.back().account == r.account);
            if (!again)
                out.whom.push_back(std::move(r));
        }
        row.reset();
        out.last = rows < limit;
        return out;
    }
    static std::int64_t counted(statement& in, const std::string& of, std::int64_t most) {
        in.bind(of, most).row();
        const auto n = in.number(0);
        in.reset();
        return n;
    }
    // `one_per: customer` compares each of a customer's numbers with all of them.
    bool has_few_accounts(const audience& of) {
        constexpr auto few = static_cast<std::int64_t>(most_alike);
        if (of.kind == to_kind::customer)
            return counted(of_customer, of.ref, few + 1) <= few;
        return of.once != one_per::customer || counted(beside, of.ref, few + 1) <= few;
    }
    bool is_large(const std::string& area) {
        return counted(in_area, area, large_area + 1) > large_area;
    }
    // All of them are sorted for each chunk; where most are vulnerable, nobody is first.
    bool few_are_vulnerable(const std::string& area) {
        const auto n = counted(vulnerable, area, most_first + 1);
        return n > 0 && n <= most_first;
    }

    statement& query(std::string sql) {
        const auto found = queries.find(sql);
        if (found != queries.end())
            return found->second;
        if (queries.size() >= 64) // types come and go
            queries.clear();
        statement made(live, sql);
        return queries.emplace(std::move(sql), std::move(made)).first->second;
    }

    statement open, in_area, of_customer, beside, vulnerable;
    due_counter waiting;
    withdrawn_finder finder;
    statement withdraws, told;
    std::map<std::string, statement> queries;
};

template <class Work>
auto audience_reader::ask(Work work) {
    return bounded_read(live_, open_, std::move(work));
}

audience_reader::audience_reader(std::filesystem::path live) : live_(std::move(live)) {}

audience_reader::~audience_reader() = default;

std::vector<open_expansion> audience_reader::open(posthorn::id after, instant now,
                                                  std::size_t limit) {
    return ask([&](connection& c) {
        std::vector<open_expansion> out;
        auto& row = c.open.bind(after, now, limit);
        while (row.row()) {
            out.push_back({.event = read_event_for_many(row),
                           .through_number = std::string(row.text(15)),
                           .through_account = std::string(row.text(16)),
                           .made = row.number(17),
                           .withdrawn = std::string(row.text(19)),
                           .others = row.number(20) != 0});
            c.look_at_withdrawals(out.back(), static_cast<name_id>(row.number(18)));
        }
        return out;
    });
}

std::vector<some_recipients> audience_reader::recipients(const std::vector<rest_of_audience>& rests,
                                                         std::size_t limit) {
    return ask([&](connection& c) {
        const auto enough = std::chrono::steady_clock::now() + time_for_many;
        const auto more = [&](std::size_t found, bool any) {
            return found < limit && (!any || std::chrono::steady_clock::now() < enough);
        };
        std::vector<some_recipients> out;
        std::size_t found = 0;
        for (auto rest = rests.begin(); rest != rests.end() && more(found, !out.empty()); ++rest) {
            out.push_back(c.recipients(*rest, limit));
            found += out.back().whom.size();
        }
        return out;
    });
}

std::optional<recipient> audience_reader::only_one(const audience& of) {
    return ask([&](connection& c) -> std::optional<recipient> {
        if (!c.has_few_accounts(of))
            return std::nullopt;
        auto found = c.recipients({.of = of, .after_number = {}, .after_account = {}}, most_alike);
        if (!found.last || found.whom.size() != 1)
            return std::nullopt;
        return std::move(found.whom.front());
    });
}

std::vector<recipient> audience_reader::told(const event& e, const std::vector<std::string>& types,
                                             std::vector<recipient> among) {
    return ask([&](connection& c) {
        std::erase_if(among, [&](const auto& r) {
            return !c.was_told(r.number, e, types) &&
                   (r.email.empty() || !c.was_told(r.email, e, types));
        });
        return std::move(among);
    });
}

bool audience_reader::is_known(to_kind kind, std::string_view ref) {
    return ask([&](connection& c) {
        const auto any = [&](std::string_view sql, std::string_view name) {
            statement row(c.live, sql);
            return row.bind(name).row();
        };
        if (kind == to_kind::area)
            return any("SELECT 1 FROM area WHERE area=?1 UNION ALL SELECT 1 FROM customer_account "
                       "WHERE area=?1 AND area<>'' LIMIT 1",
                       ref);
        if (kind == to_kind::group)
            return any("SELECT 1 FROM people_group WHERE name=?", ref);
        if (kind == to_kind::role)
            return any("SELECT 1 FROM person WHERE role=? AND role<>'' LIMIT 1",
                       ref.substr(0, ref.find('@')));
        if (kind == to_kind::customer)
            return any("SELECT 1 FROM customer_account WHERE customer=? AND customer<>'' LIMIT 1",
                       ref);
        return any("SELECT 1 FROM customer_account WHERE account=?1 UNION ALL "
                   "SELECT 1 FROM binding WHERE account=?1 LIMIT 1",
                   ref);
    });
}

std::size_t audience_reader::waiting(const flow_name& flow, instant now, std::size_t most) {
    return ask([&](connection& c) { return c.waiting.count(flow, now, most); });
}

std::vector<area_story> audience_reader::areas(std::string_view after, std::size_t limit) {
    return ask([&](connection& c) {
        statement row(c.live,
                      "SELECT area, parent, name FROM area WHERE area>? ORDER BY area LIMIT ?");
        row.bind(after, limit);
        std::vector<area_story> out;
        while (row.row())
            out.push_back(
                {std::string(row.text(0)), std::string(row.text(1)), std::string(row.text(2))});
        return out;
    });
}

std::vector<group_story> audience_reader::groups(std::string_view after, std::size_t limit) {
    return ask([&](connection& c) {
        statement row(c.live, "SELECT g.name, g.tier, g.area, g.language, g.role, (SELECT count(*) "
                              "FROM group_member AS m WHERE m.name=g.name) FROM people_group AS g "
                              "WHERE g.name>? ORDER BY g.name LIMIT ?");
        row.bind(after, limit);
        std::vector<group_story> out;
        while (row.row())
            out.push_back({.name = std::string(row.text(0)),
                           .takes = {std::string(row.text(1)), std::string(row.text(2)),
                                     std::string(row.text(3)), std::string(row.text(4))},
                           .members = row.number(5)});
        return out;
    });
}

std::vector<audience_reader::member>
audience_reader::members(std::string_view group, const member& after, std::size_t limit) {
    return ask([&](connection& c) {
        statement row(c.live, "SELECT number, account FROM group_member WHERE name=? "
                              "AND (number, account)>(?,?) ORDER BY number, account LIMIT ?");
        row.bind(group, after.number, after.account, limit);
        std::vector<member> out;
        while (row.row())
            out.push_back({std::string(row.text(0)), std::string(row.text(1))});
        return out;
    });
}

} // namespace posthorn::store
