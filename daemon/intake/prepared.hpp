// What intake makes of an outbox row, off the loop: an event with the message it asks for, or the
// reason why it is parked. Nothing of it is committed yet.
#pragma once

#include "model/event.hpp"
#include "model/message.hpp"

#include <string>

namespace posthorn::intake {

struct prepared {
    posthorn::event event;     // id not yet given
    posthorn::message message; // id, source, type, pool not yet given; meaningless when parked
    std::string parked;        // why; empty when there is a message
    bool later = false;    // parked for what could not be read now: prepared again it may be well
    bool for_many = false; // its messages are made later: there is none here
    // The account it is about, where its type spares vulnerable ones; else empty.
    std::string spared_account = {};
};

} // namespace posthorn::intake
