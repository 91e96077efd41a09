// The body of POST /v1/areas: some hundred places of the tree, all of them good or none taken.
#pragma once

#include "store/ops_audience.hpp"

#include <string>
#include <vector>

namespace posthorn::api {

struct area_batch {
    std::vector<store::put_area> rows;
    std::string reason;
    std::string file;       // for the log of operations
    bool continues = false; // the record of it was made with an earlier batch
    std::string mistake;    // "row 3: area: is empty"; empty when there is none
};

area_batch read_areas(const std::string& body);

// Why this cannot be the name of an area or a group; empty when it can.
std::string place_mistake(const std::string& name);

} // namespace posthorn::api
