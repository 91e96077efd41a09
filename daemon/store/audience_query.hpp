// The query that finds whom an event for many concerns. Inside the store only.
//
//   ?1 to_ref, of a role its name   ?2 ?3 the number and account served last   ?4 limit
//   ?5 of a role its area; of an area the event, of which some have been told first
//
// Its columns are those of store::recipient; its rows are in the order of number and account.
#pragma once

#include "store/audience.hpp"

#include <string>

namespace posthorn::store {

// `large`: of an area, so many that walking all numbers is quicker than sorting those in it.
std::string audience_query(const audience& of, bool large);
// Of an area: the numbers of vulnerable accounts, with all of their accounts that lie in it.
std::string vulnerable_query(const audience& of);
// Of an area, ?1: how many accounts are vulnerable; at most ?2 are counted.
std::string vulnerable_count();

// An area, written so, and the places below it: a common table `below`.
std::string below(std::string_view area);

} // namespace posthorn::store
