// The recorded PDUs and tables in vectors/.
#pragma once

#include "recorded.hpp"

namespace smpp_test {

using posthorn::vectors::hex_of;
using posthorn::vectors::octets_of;

inline boost::json::object read_vectors(const std::string& file) {
    return posthorn::vectors::read("plugins/smpp/vectors/" + file).as_object();
}

inline boost::json::array read_list(const std::string& file, const char* key) {
    return read_vectors(file).at(key).as_array();
}

inline std::string string_of(const boost::json::value& v) { return std::string(v.as_string()); }

} // namespace smpp_test
