#include "inbound/receiver.hpp"

#include <set>

namespace posthorn::inbound {

receiver::receiver(duration join_within, receiver_surroundings around)
    : around_(std::move(around)), joiner_(join_within) {}

void receiver::recover(std::vector<inbound_text> waiting, const std::vector<inbound_text>& last,
                       instant now) {
    std::set<name_id> accounts;
    for (const auto& t : last) {
        repeats_.remember(t, t.at);
        accounts.insert(t.account);
    }
    for (const auto account : accounts)
        repeats_.link_lost(account, last.back().at, {}, now);
    join_all(std::move(waiting));
}

void receiver::came(std::vector<inbound_text> texts, instant now) {
    for (const auto& t : texts)
        repeats_.remember(t, now);
    join_all(std::move(texts));
}

void receiver::join_all(std::vector<inbound_text> texts) {
    std::vector<whole_text> whole;
    std::vector<store::op> ops;
    for (auto& t : texts)
        join(std::move(t), whole, ops);
    if (!ops.empty())
        around_.submit(std::move(ops));
    if (!whole.empty())
        around_.handle(std::move(whole));
}

void receiver::join(inbound_text t, std::vector<whole_text>& whole, std::vector<store::op>& ops) {
    const auto id = t.id;
    auto became = joiner_.add(std::move(t));
    if (became.text)
        whole.push_back(std::move(*became.text));
    if (became.settled)
        ops.emplace_back(
            store::settle_inbound{.texts = {id}, .what = *became.settled, .head = became.head});
}

void receiver::pulse(instant now) {
    if (auto due = joiner_.take_due(now); !due.empty())
        around_.handle(std::move(due));
}

std::vector<store::op> settling(const whole_text& t, inbound_outcome what, std::string command,
                                bool secret) {
    std::vector<store::op> ops;
    store::settle_inbound parts{
        .texts = {}, .what = inbound_outcome::part, .head = t.head.id, .secret = secret};
    for (const auto part : t.parts)
        if (part != t.head.id)
            parts.texts.push_back(part);
    if (!parts.texts.empty())
        ops.emplace_back(std::move(parts));
    ops.emplace_back(store::settle_inbound{
        .texts = {t.head.id}, .what = what, .command = std::move(command), .secret = secret});
    return ops;
}

} // namespace posthorn::inbound
