// Balances as JSON.
#pragma once

#include "store/recount.hpp"

#include <boost/json/object.hpp>

#include <optional>
#include <string>

namespace posthorn::api {

struct reconciled {
    store::books_span span;
    std::string run;   // empty: of all
    bool deep = false; // rows were counted
    store::books_sums books{};
    std::optional<store::recounted> rows{};
};

boost::json::object reconciled_shape(const reconciled& all);

} // namespace posthorn::api
