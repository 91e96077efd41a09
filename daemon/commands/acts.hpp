// The daemon's own acts in the shape of lookups: what they take and what their answers may use.
#pragma once

#include "commands/command.hpp"

namespace posthorn::commands {

//     bind      account, code   `empty`: the code does not belong to the account
//     unbind    account         `empty`: the phone is not bound to it
//     accounts  rows: account   `empty`: the phone is bound to none
//     menu, help                no texts of their own; help takes the word of a command
//     subscribe, pause, resume  topic     rows: what was subscribed or changed
//     unsubscribe               topic     rows: what there was
//     hours                     hours     what follows them is the topic; rows as above
//     subscriptions             rows: what the phone has
//                                         `empty`, of all six: there is nothing of that kind
const lookup_shape& shape_of(act a);

// Whether it answers with texts of the command's file.
constexpr bool has_texts(act a) { return a != act::menu && a != act::help; }

} // namespace posthorn::commands
