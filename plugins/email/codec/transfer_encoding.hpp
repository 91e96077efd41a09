// Octets as mail may carry them: base64, quoted-printable (RFC 2045), encoded words (RFC 2047).
#pragma once

#include <string>
#include <string_view>

namespace posthorn::email {

// In lines of 76 characters that end with CRLF.
std::string base64_lines(std::string_view octets);

// `text` has LF between its lines; what comes out has CRLF, and no line is longer than 76.
std::string quoted_printable(std::string_view text);

// Words of a header: as they are where mail can carry them, else encoded; folded.
std::string header_words(std::string_view utf8);

// The name before an address, in quotes or encoded.
std::string display_name(std::string_view utf8);

} // namespace posthorn::email
