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
//     change_contact  account, new_number    `empty`: that number is bound to it already
//     report_work     place, work, begins, ends; rows: area, worker   `empty`: the phone has no area
//     end_work        place: only there; rows: place, work            `empty`: the phone reported none
const lookup_shape& shape_of(act a);

// What crews report, as a row of `work`.
const lookup_shape& work_shape();

// The kind that an argument of this act must be of; nothing: any.
std::optional<argument_kind> kind_of(act a, std::string_view argument);

// Whether it answers with texts of the command's file.
constexpr bool has_texts(act a) { return a != act::menu && a != act::help; }

} // namespace posthorn::commands
