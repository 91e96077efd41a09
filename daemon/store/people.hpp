// What is known of phone numbers and customer accounts: short bounded reads of live.db, on a
// connection of its own beside the writer. One thread at a time. Every call ends after two seconds
// at the latest, by throwing read_failed.
#pragma once

#include "store/reader.hpp"

#include <filesystem>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace posthorn::store {

struct customer_account {
    std::string account, name, area, tier, language; // all but the account may be empty
    bool vulnerable = false;
};

// A phone number. Without a row of its own (`known` false) it may still have accounts.
struct person {
    std::string number;
    bool known = false;
    std::string name, role, tier, area, language;
    std::string email, channel; // channel: by which it wants to be told, a channel's name
    std::string zone, hours;    // and when: IANA, as shown(day_hours)
    std::string pin;            // its hash; empty: none
    unsigned tries = 0;
    instant locked_until{};                 // no PIN or code may be tried before
    std::vector<customer_account> accounts; // those it is bound to, in order
};

struct bound_number {
    std::string number, name, role;
    binding_way how = binding_way::text;
    std::string who;
    instant at{};
};

struct account_story {
    bool known = false; // has a row of its own
    customer_account account;
    std::vector<bound_number> numbers; // at most 100
    bool has_code = false;             // a binding code that may still be used at `now`
};

struct binding_change {
    posthorn::id id = 0;
    std::string number, account;
    bool bound = true; // false: unbound
    binding_way how = binding_way::text;
    std::string who, reason;
    instant at{};
};

struct binding_code {
    std::string hash;
    instant expires_at{};
    unsigned tries = 0; // that failed
};

class people_reader {
public:
    explicit people_reader(std::filesystem::path live); // opens nothing yet
    ~people_reader();

    // One for each number, in their order. Made for many: a batch of inbound texts.
    std::vector<person> persons(std::span<const std::string> numbers);
    person person_of(const std::string& number);
    account_story by_account(std::string_view account, instant now);
    std::optional<binding_code> code_of(std::string_view account); // also one that is over
    // Of a number, or of an account; the newest first.
    std::vector<binding_change> changes_of_number(std::string_view number, std::size_t limit);
    std::vector<binding_change> changes_of_account(std::string_view account, std::size_t limit);
    // In order, those after this number.
    std::vector<nuisance> nuisances(std::string_view after, std::size_t limit);

private:
    struct connection;
    template <class Work>
    auto ask(Work work);

    std::filesystem::path live_;
    std::unique_ptr<connection> open_;
};

} // namespace posthorn::store
