// The body of POST /v1/people/import: some hundred rows, all of them good or none taken.
#pragma once

#include "people/row.hpp"

#include <string>
#include <vector>

namespace posthorn::api {

struct people_batch {
    std::vector<people::row> rows;
    std::string reason;
    std::string file;       // for the log of operations
    bool continues = false; // the record of it was made with an earlier batch
    std::string mistake;    // "row 3: number: bad number ..."; empty when there is none
};

people_batch read_people(const std::string& body, const std::vector<country>& countries);

} // namespace posthorn::api
