// The fields at the head of a mail, or of a part of one (RFC 5322), whatever octets it has.
#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace posthorn::email {

char lower(char c);
std::string lower(std::string_view text);
bool same(std::string_view a, std::string_view b); // whatever the case of ASCII letters
std::string_view trimmed(std::string_view text);
std::string_view take_line(std::string_view& rest); // without its end
std::string bracketed(std::string_view text);       // "<a@b>": a@b; empty: there are no brackets
std::string printable(std::string_view text);       // ASCII on one line, of no great length

// Fields up to an empty line, which is taken too; those that are folded are joined.
class fields {
public:
    explicit fields(std::string_view& rest);
    std::string_view at(std::string_view name) const; // empty: there is none

private:
    std::vector<std::pair<std::string, std::string>> all_;
};

} // namespace posthorn::email
