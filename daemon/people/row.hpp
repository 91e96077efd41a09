// One row of people as files and the API bring it, checked, and what it makes the store do.
//
//     number   account      name role tier area language  customer contact group email channel
//     138...   3100000001   张三                zh-CN      the account's name ..., and a binding
//     139...                李四 sales                      a person of the staff
//              3100000002   王五           east             an account that nobody is bound to yet
//
// Where an account stands, name, tier, area and language are the account's, else the number's; a
// role, email, channel (sms or email: by which it wants to be told), zone and hours (when) are always
// the number's. `customer`: whose the account is, who may have several; `vulnerable`: yes or no, whether
// its supplier must spare it. `contact`: for
// which of its notices the number is (payer, technical ...). `group`: which the account, else the
// number, is in from now on. An empty cell leaves what is known as it was.
#pragma once

#include "model/number.hpp"
#include "store/ops.hpp"

#include <array>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace posthorn::people {

enum class column : std::uint8_t {
    number,
    account,
    name,
    role,
    tier,
    area,
    language,
    customer,
    contact,
    group,
    email,
    channel,
    zone,
    hours,
    vulnerable
};

inline constexpr std::array<std::string_view, 15> column_names{
    "number",  "account", "name",  "role",    "tier", "area",  "language",  "customer",
    "contact", "group",   "email", "channel", "zone", "hours", "vulnerable"};

using row_texts = std::array<std::string, column_names.size()>; // by column; empty: nothing is said

struct row {
    row_texts texts; // trimmed, the number in E.164, hours as shown(day_hours)
    const std::string& at(column c) const { return texts[static_cast<std::size_t>(c)]; }
};

// The refusal begins with the column: "number: bad number: ...".
result<row> checked(row_texts texts, const std::vector<country>& countries);

// Why a text of at most `longest` octets cannot be this; empty when it can.
std::string text_mistake(std::string_view text, std::size_t longest);

// Letters, digits, '-', '_', '.' and '/', at most 64; as it is written elsewhere, without blanks.
result<std::string> account_in(std::string_view written);

// What is done about a row: at most one put_person, one put_customer_account, one bind and one
// put_member.
// `who`, `reason`: of the import.
std::vector<store::op> operations_of(const row& r, const std::string& who,
                                     const std::string& reason, instant at);

// What the outcomes of rows' operations came to.
struct row_counts {
    std::int64_t added = 0, changed = 0, unchanged = 0; // numbers and accounts
    std::int64_t bound = 0, bound_before = 0;
    void count(const store::op& done, const store::outcome& outcome);
};

} // namespace posthorn::people
