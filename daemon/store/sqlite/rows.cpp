#include "store/sqlite/rows.hpp"

namespace posthorn::store {

message read_message(statement& row, int first, int& part_count) {
    message m;
    int at = first;
    const auto number = [&] { return row.number(at++); };
    const auto small = [&] { return static_cast<name_id>(row.number(at++)); };
    const auto text = [&] { return std::string(row.text(at++)); };
    m.id = number();
    m.event = number();
    m.source = small();
    m.type = small();
    m.pool = small();
    m.account = small();
    m.priority = static_cast<priority>(number());
    m.coding = static_cast<coding>(number());
    m.doubt = static_cast<on_uncertain>(number());
    m.recipient = text();
    m.sender = text();
    m.language = text();
    m.text = text();
    m.due_at = from_micros(number());
    m.expires_at = from_micros(number());
    part_count = small();
    if (part_count == 1) {
        part p;
        p.state = static_cast<part_state>(row.number(at));
        p.attempts = static_cast<std::uint16_t>(row.number(at + 1));
        m.parts.push_back(std::move(p));
    }
    m.run = row.text(at + 2);
    return m;
}

void parts_reader::read(message& m) {
    select_.bind(m.id);
    while (select_.row()) {
        part p;
        p.n = static_cast<std::uint8_t>(select_.number(0));
        p.state = static_cast<part_state>(select_.number(1));
        p.attempts = static_cast<std::uint16_t>(select_.number(2));
        p.octets = select_.text(3);
        m.parts.push_back(std::move(p));
    }
}

subscription read_subscription(statement& row) {
    return {.topic = std::string(row.text(0)),
            .number = std::string(row.text(1)),
            .parameter = std::string(row.text(2)),
            .language = std::string(row.text(3)),
            .paused = row.number(4) != 0,
            .hours = {static_cast<std::int16_t>(row.number(5)),
                      static_cast<std::int16_t>(row.number(6))},
            .expires_at = row.time(7)};
}

nuisance read_nuisance(statement& row) {
    return {.number = std::string(row.text(0)),
            .since = row.time(1),
            .until = row.time(2),
            .who = std::string(row.text(3)),
            .reason = std::string(row.text(4))};
}

} // namespace posthorn::store
