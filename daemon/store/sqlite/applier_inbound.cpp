// Texts from phones, what became of them, and what phones were asked back.
#include "store/sqlite/applier.hpp"

namespace posthorn::store {

outcome applier::apply_one(const add_inbound& o) {
    const auto& t = o.text;
    const auto row = ids_.next(t.at);
    const auto add = [&](auto&& became) {
        add_inbound_
            .bind(row, t.account, t.sender, t.recipient, blob{t.octets}, t.text, t.data_coding,
                  t.udh ? 1 : 0, t.at, became, o.head)
            .run();
    };
    tallies_.add("inbound");
    if (o.settled) {
        add(name_of(*o.settled));
        tallies_.add("inbound " + std::string(name_of(*o.settled)));
    } else {
        add(nullptr);
    }
    return {.event = row};
}

outcome applier::apply_one(const settle_inbound& o) {
    std::size_t settled = 0;
    for (const auto text : o.texts)
        settled += static_cast<std::size_t>(
            settle_inbound_.bind(text, name_of(o.what), o.head, o.command, o.secret ? 1 : 0).run());
    if (settled != 0)
        tallies_.add("inbound " + std::string(name_of(o.what)), static_cast<int>(settled));
    return {.what = settled == o.texts.size() ? outcome::code::applied : outcome::code::stale};
}

outcome applier::apply_one(const handle_inbound& o) {
    const auto done =
        handle_inbound_
            .bind(o.text, name_of(inbound_outcome::handled), name_of(inbound_outcome::failed))
            .run();
    if (done == 0)
        return {.what = outcome::code::stale};
    tallies_.add("inbound " + std::string(name_of(inbound_outcome::handled)));
    return apply_one(o.by);
}

outcome applier::apply_one(const put_question& o) {
    const auto& q = o.question;
    put_question_
        .bind(q.number, q.recipient, q.id, q.kind, q.data, q.tries, q.asked_at, q.expires_at)
        .run();
    return {};
}

outcome applier::apply_one(const drop_question& o) {
    if (drop_question_.bind(o.number, o.recipient, o.id).run() == 0)
        return {.what = outcome::code::stale};
    return {};
}

outcome applier::apply_one(const pass_on& o) {
    const auto row = ids_.next(o.at);
    add_passed_.bind(row, o.at, o.source, o.kind, o.inbound, o.number, o.recipient, o.text, o.data)
        .run();
    tallies_.add("passed on");
    pack(changes_, {row, change::kind::passed});
    return {.event = row};
}

// Its owner answers by the id, so it must be in what the owner is told.
outcome applier::apply_one(const change_contact& o) {
    auto changed = reports_.change(o);
    if (changed.what != outcome::code::applied || !o.owner)
        return changed;
    auto owner = *o.owner;
    const auto id = "{\"change\":\"" + std::to_string(changed.event) + "\"";
    owner.data.replace(0, 1, owner.data == "{}" ? id : id + ",");
    apply_one(owner);
    return changed;
}

} // namespace posthorn::store
