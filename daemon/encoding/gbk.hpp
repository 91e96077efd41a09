// Octets of files in Chinese and Western charsets to UTF-8, strictly: a wrong octet is an error
// with its place, since a repaired name or number would be sent to somebody.
#pragma once

#include "encoding/utf8.hpp"

#include <string>
#include <string_view>

namespace posthorn::encoding {

/// GB18030, of which GBK and GB2312 are parts. The offset is that of the first wrong character.
text_result<std::string> decode_gbk(std::string_view octets);

/// By name, in any case: utf-8 (a leading BOM is dropped), gb18030, gbk, gb2312, latin1,
/// iso-8859-1.
text_result<std::string> decode_charset(std::string_view charset, std::string_view octets);

} // namespace posthorn::encoding
