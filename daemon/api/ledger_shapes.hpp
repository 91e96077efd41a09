// Balances, and versions of what a type says, as JSON.
#pragma once

#include "store/reader.hpp"
#include "store/recount.hpp"

#include <boost/json/object.hpp>

#include <optional>
#include <string>
#include <vector>

namespace posthorn::api {

struct reconciled {
    store::books_span span;
    std::string run;   // empty: of all
    bool deep = false; // rows were counted
    store::books_sums books{};
    std::optional<store::recounted> rows{};
};

boost::json::object reconciled_shape(const reconciled& all);
boost::json::object versions_shape(const std::string& type,
                                   const std::vector<store::kept_wording>& all);

} // namespace posthorn::api
