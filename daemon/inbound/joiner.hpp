// Long texts from phones come in parts (UDH concatenation, 3GPP TS 23.040 9.2.3.24.1), in any order,
// perhaps never all of them:
//
//   part 2 of 3 ─┐
//   part 1 of 3 ─┼─► one text           after `wait`: what is there, with […] for what is not
//   part 3 of 3 ─┘
//
// A part belongs to others of the same account, sender, recipient, reference and total. Pure; one
// thread; time comes with the texts.
#pragma once

#include "model/inbound.hpp"

#include <compare>
#include <deque>
#include <map>
#include <optional>
#include <set>
#include <vector>

namespace posthorn::inbound {

// A text with all that is there of it, ready to be understood.
struct whole_text {
    inbound_text head;               // its first part that came; `text` is all of the text
    std::vector<posthorn::id> parts; // all, with the head
    bool complete = true;
};

// What a received text turns out to be.
struct joined {
    std::optional<whole_text> text; // nothing yet: it waits for others
    // It is no part of a text to come: a repetition of `head`, or too late for it.
    std::optional<inbound_outcome> settled;
    posthorn::id head = 0;
};

class joiner {
public:
    explicit joiner(duration wait) : wait_(wait) {}

    joined add(inbound_text t);
    // Texts whose other parts did not come in time.
    std::vector<whole_text> take_due(instant now);
    std::size_t waiting() const { return open_.size(); }

private:
    struct name {
        name_id account = 0;
        std::string sender, recipient;
        int bits = 8; // of the reference
        unsigned reference = 0, total = 0;
        auto operator<=>(const name&) const = default;
    };
    struct gathering {
        std::map<unsigned, inbound_text> parts; // by number
        instant due_at{};
    };
    struct closed {
        posthorn::id head = 0;
        std::set<unsigned> missing;
        std::map<unsigned, std::string> octets; // of the parts it had
        instant at{};
    };

    joined add_part(name n, unsigned number, inbound_text t);
    whole_text close(const name& n, gathering g, instant now);
    std::optional<joined> after_close(const name& n, unsigned number, const inbound_text& t);
    void forget_old(instant now);

    duration wait_;
    std::map<name, gathering> open_;
    std::map<name, closed> closed_; // lately
    std::deque<std::pair<instant, name>> closed_order_;
};

} // namespace posthorn::inbound
