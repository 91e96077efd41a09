#include "ledger/balance.hpp"

#include <set>

namespace posthorn::ledger {

namespace {

using store::booked;

constexpr const char* look_deep =
    "a counter is wrong, or a row was lost or changed by hand: `posthorn reconcile --deep` counts "
    "the rows and names what differs; keep a backup of the state as it is";

class page {
public:
    page(const store::book_page& from, name_id account) : from_(from), account_(account) {}

    std::int64_t at(booked what) const {
        const auto found = from_.find({account_, what});
        return found == from_.end() ? 0 : found->second;
    }
    void add(std::vector<term>& to, std::string what, booked which) const {
        if (const auto n = at(which); n != 0)
            to.push_back({std::move(what), n});
    }

private:
    const store::book_page& from_;
    name_id account_;
};

balance of_events(const page& p) {
    balance out{.of = "events",
                .total = {"taken in", p.at(booked::event)},
                .made_of = {},
                .means = "each event that a source handed over is parked with a reason, or was "
                         "made into what it asked for; rows refused as repeats are no events",
                .otherwise = look_deep};
    p.add(out.made_of, "parked", booked::parked);
    p.add(out.made_of, "for one phone, with a message", booked::for_one);
    p.add(out.made_of, "for many", booked::for_many);
    p.add(out.made_of, "for a topic", booked::for_topic);
    return out;
}

std::int64_t made(const page& p) {
    return p.at(booked::first) + p.at(booked::of_many) + p.at(booked::again);
}

void add_states(const page& p, std::vector<term>& to) {
    for (int s = 0; s <= static_cast<int>(message_state::uncertain); ++s) {
        const auto state = static_cast<message_state>(s);
        p.add(to, std::string(name_of(state)), store::in(state));
    }
}

balance of_messages(const page& p) {
    balance out{.of = "messages",
                .total = {"made", made(p)},
                .made_of = {},
                .means = "each message is in exactly one state: queued, sending and submitted "
                         "are still open, all others are final and say why",
                .otherwise = look_deep};
    add_states(p, out.made_of);
    return out;
}

balance of_handed(const page& p, const std::string& account) {
    balance out{.of = "parts handed to " + account,
                .total = {"handed over", p.at(booked::handed)},
                .made_of = {},
                .means = "each time a part was handed over, the carrier took it, refused it or put "
                         "it off, or its bytes did not leave, or no answer has come",
                .otherwise = look_deep};
    p.add(out.made_of, "accepted", booked::accepted);
    p.add(out.made_of, "rejected", store::in(part_state::rejected));
    p.add(out.made_of, "deferred by the carrier", booked::deferred);
    p.add(out.made_of, "not sent after all", booked::put_back);
    p.add(out.made_of, "no good answer, and sent again", booked::sent_again);
    p.add(out.made_of, "being sent", store::in(part_state::sending));
    p.add(out.made_of, "uncertain", store::in(part_state::uncertain));
    p.add(out.made_of, "uncertain for good", store::in(part_state::unresolved));
    return out;
}

balance of_accepted(const page& p, const std::string& account) {
    balance out{.of = "parts accepted by " + account,
                .total = {"accepted", p.at(booked::accepted)},
                .made_of = {},
                .means = "what the carrier may bill; each has its receipt, waits for it, or never "
                         "got one in time (unconfirmed)",
                .otherwise = look_deep};
    p.add(out.made_of, "waiting for a receipt", store::in(part_state::submitted));
    for (const auto s : {part_state::delivered, part_state::undelivered, part_state::expired,
                         part_state::unconfirmed})
        p.add(out.made_of, std::string(name_of(s)), store::in(s));
    p.add(out.made_of, "taken back by the carrier", store::in(part_state::cancelled));
    return out;
}

} // namespace

std::int64_t balance::sum() const {
    std::int64_t all = 0;
    for (const auto& t : made_of)
        all += t.n;
    return all;
}

std::vector<balance> balances(const store::book_page& of,
                              const std::map<name_id, std::string>& accounts) {
    const page everything(of, 0);
    std::vector<balance> out{of_events(everything), of_messages(everything)};
    std::set<name_id> used;
    for (const auto& [line, n] : of)
        if (line.what >= booked::handed)
            used.insert(line.account);
    for (const auto account : used) {
        const auto name = accounts.find(account);
        const auto shown = name == accounts.end() ? std::to_string(account) : name->second;
        const page its(of, account);
        out.push_back(of_handed(its, shown));
        out.push_back(of_accepted(its, shown));
    }
    return out;
}

std::vector<balance> balances_of_rows(const store::book_page& rows, std::int64_t messages) {
    const page p(rows, 0);
    balance out{.of = "messages",
                .total = {"made", messages},
                .made_of = {},
                .means = "each message of the run is in exactly one state: queued, sending and "
                         "submitted are still open, all others are final and say why",
                .otherwise = look_deep};
    add_states(p, out.made_of);
    balance parked{.of = "events parked",
                   .total = {"waiting", p.at(booked::parked)},
                   .made_of = {{"parked", p.at(booked::parked)}},
                   .means = "these came in and nothing was sent for them yet: `posthorn search "
                            "--state parked --run NAME` says why",
                   .otherwise = look_deep};
    if (parked.total.n == 0)
        return {out};
    return {out, parked};
}

} // namespace posthorn::ledger
