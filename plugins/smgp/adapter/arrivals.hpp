// What a Deliver brings: a report on a text of ours, or a text from a phone. All in them is copied.
#pragma once

#include "sdk/stat_overrides.hpp"
#include "sdk/unit.hpp"
#include "smgp/codec/body.hpp"
#include "smgp/codec/report.hpp"

namespace posthorn::smgp {

sdk::receipt receipt_of(const deliver& from, const report& r, const sdk::stat_overrides& stats);
sdk::inbound text_of(const deliver& from);

} // namespace posthorn::smgp
