// What a request says in its body: a JSON object of texts.
#pragma once

#include "api/answer.hpp"

#include <initializer_list>
#include <map>
#include <string>
#include <string_view>

namespace posthorn::api {

inline constexpr std::size_t longest_text = 1024; // octets

struct body_texts {
    std::map<std::string, std::string, std::less<>> texts;
    std::string mistake; // what is wrong with the body; empty when nothing is

    std::string at(std::string_view name) const {
        const auto found = texts.find(name);
        return found == texts.end() ? std::string() : found->second;
    }
};

// The texts of a body that is a JSON object with these members only; no body is an empty one.
body_texts read_body(const std::string& body, std::initializer_list<std::string_view> known);

} // namespace posthorn::api
