// Whom events for many concern, and how far they have come. Short bounded reads of live.db, on a
// connection of its own beside the writer. One thread at a time. Every call ends after two seconds at
// the latest, by throwing read_failed.
#pragma once

#include "model/event.hpp"
#include "model/words.hpp"
#include "store/ops_audience.hpp"
#include "store/reader.hpp"

#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace posthorn::store {

// An event for many that has not become messages for all of them.
struct open_expansion {
    posthorn::event event;
    std::string through_number, through_account; // the last recipient served
    std::int64_t made = 0;                       // messages so far
    std::string withdrawn;                       // why no more are to be made; empty: they are
    bool withdraws =
        false;           // and what it withdraws is still under way: who was told is not known yet
    bool others = false; // those of vulnerable accounts have been told
};

// Whom an event's to_kind and to_ref mean, and its type.
struct audience {
    to_kind kind = to_kind::account;
    std::string ref; // ROLE or ROLE@AREA where kind is role
    std::vector<std::string>
        contacts;                   // of accounts: these, and those for whatever comes; empty: all
    std::vector<std::string> roles; // kind area: also people with one of these who stand in it
    one_per once = one_per::number;
};

struct recipient {
    std::string number;
    std::string account;  // for which it is told; empty: for none
    std::string customer; // whose that is
    std::string account_name, name;
    std::string language;       // the person's, else the account's; empty: not known
    std::string email, channel; // the person's; channel: by which it wants to be told
};

// Those of an audience who come behind the last one served.
struct rest_of_audience {
    audience of;
    std::string after_number, after_account;
    // Of an area: the numbers of vulnerable accounts come before all others, unless they are very many.
    bool first = false;     // they come, or those behind them
    posthorn::id event = 0; // else: those of them whom this one was made for have been told
};
struct some_recipients {
    std::vector<recipient> whom;
    bool last = false;  // nobody comes behind them
    bool first = false; // of vulnerable accounts
};

struct area_story {
    std::string area, parent, name;
};

struct group_story {
    std::string name;
    put_group::filter takes;
    std::int64_t members = 0;
};

class audience_reader {
public:
    explicit audience_reader(std::filesystem::path live); // opens nothing yet
    ~audience_reader();

    // The oldest first, of those after this one whose not_before has come.
    std::vector<open_expansion> open(posthorn::id after, instant now, std::size_t limit);
    // In order: by number, then by account. Each as often as `once` says, by number at most once for
    // each account. At most `limit` of each audience, and of fewer audiences than were asked for once
    // so many are found in all, or half a second is over.
    std::vector<some_recipients> recipients(const std::vector<rest_of_audience>& rests,
                                            std::size_t limit);
    // Of an account or customer: the one there is. Nothing: there is none, or more, or the customer has
    // so many accounts that it would take long to say.
    std::optional<recipient> only_one(const audience& of);
    // Of these, who was told of the event's subject with one of these types: patterns of
    // model/type_pattern.hpp.
    std::vector<recipient> told(const event& e, const std::vector<std::string>& types,
                                std::vector<recipient> among);
    // Whether there is such an account, customer, area, group or role.
    bool is_known(to_kind kind, std::string_view ref);
    // Messages of a flow that wait in the queue and are due; at most `most` are counted.
    std::size_t waiting(const flow_name& flow, instant now, std::size_t most);

    // In order, those after this one.
    std::vector<area_story> areas(std::string_view after, std::size_t limit);
    std::vector<group_story> groups(std::string_view after, std::size_t limit);
    struct member { // one of them; the other is empty
        std::string number, account;
    };
    std::vector<member> members(std::string_view group, const member& after, std::size_t limit);

private:
    struct connection;
    template <class Work>
    auto ask(Work work);

    std::filesystem::path live_;
    std::unique_ptr<connection> open_;
};

} // namespace posthorn::store
