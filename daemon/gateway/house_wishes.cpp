// What is known of people that decides about their messages, as the store has it: when their numbers
// want to be told, and which accounts are vulnerable.
#include "gateway/house.hpp"

namespace posthorn::gateway {

void house::know_people(const store::recovered& found) {
    vulnerable_.insert(found.vulnerable.begin(), found.vulnerable.end());
}

// Once they are committed.
void house::use_people(const std::vector<store::op>& committed) {
    for (const auto& op : committed)
        if (const auto* person = std::get_if<store::put_person>(&op)) {
            if (person->zone || person->hours)
                desk_->times().put(person->number, person->zone, person->hours);
        } else if (const auto* account = std::get_if<store::put_customer_account>(&op)) {
            if (account->vulnerable.value_or(false))
                vulnerable_.insert(account->account);
            else if (account->vulnerable)
                vulnerable_.erase(account->account);
        }
}

// Why nothing of this type goes to this account; empty: it may.
std::string house::spared(const std::string& type, const std::string& account) const {
    if (!vulnerable_.contains(account))
        return {};
    const auto* known = c_->catalogue->type_named(type);
    if (known == nullptr || known->vulnerable != templates::to_vulnerable::never)
        return {};
    return "account " + account + " is vulnerable, and " + type +
           " is never sent for such accounts (vulnerable: never)";
}

} // namespace posthorn::gateway
