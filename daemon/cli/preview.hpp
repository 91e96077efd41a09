// Event types and texts as they will be sent, worked out here without the daemon.
#pragma once

#include "intake/catalogue.hpp"
#include "model/letter.hpp"

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>

#include <string>
#include <string_view>

namespace posthorn::cli {

std::string types_page(const intake::catalogue& known);
boost::json::array types_json(const intake::catalogue& known);

// The text, its encoding, its parts with their units, and what forces UCS-2.
// `max_parts`: of the settings; a text that needs more is shown with what speaks against it.
// `asked_for`: as its template has it, where it was transliterated.
std::string text_page(std::string_view text, std::string_view language, unsigned max_parts,
                      std::string_view asked_for = {});
boost::json::object text_json(std::string_view text, std::string_view language, unsigned max_parts,
                              std::string_view asked_for = {});

// An e-mail, its subject first.
std::string letter_page(const letter_view& l, std::string_view language);
boost::json::object letter_json(const letter_view& l, std::string_view language);

} // namespace posthorn::cli
