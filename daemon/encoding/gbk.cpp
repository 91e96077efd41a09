#include "encoding/gbk.hpp"

#include <iconv.h>

#include <cerrno>
#include <cstdint>
#include <cstdio>
#include <utility>

namespace posthorn::encoding {

namespace {

class converter {
public:
    explicit converter(const char* from) : handle_(iconv_open("UTF-8", from)) {}
    ~converter() {
        if (is_open())
            iconv_close(handle_);
    }
    converter(const converter&) = delete;
    converter& operator=(const converter&) = delete;

    // iconv_open says failure as (iconv_t)-1, and iconv_t is a pointer.
    bool is_open() const { return reinterpret_cast<std::intptr_t>(handle_) != -1; }
    iconv_t handle() const { return handle_; }

private:
    iconv_t handle_;
};

bad_text bad_gbk(std::string_view octets, std::size_t at, int error) {
    if (error == EINVAL)
        return {at, "the text ends inside a GB18030 character"};
    char reason[64];
    std::snprintf(reason, sizeof reason, "octet 0x%02X begins no valid GB18030 character",
                  static_cast<unsigned>(static_cast<unsigned char>(octets[at])));
    return {at, reason};
}

std::string utf8_of_latin1(std::string_view octets) {
    std::string out;
    out.reserve(octets.size());
    for (const char octet : octets)
        append_utf8(out, static_cast<unsigned char>(octet));
    return out;
}

text_result<std::string> checked_utf8(std::string_view octets) {
    if (auto bad = check_utf8(octets))
        return std::move(*bad);
    if (octets.starts_with("\xEF\xBB\xBF"))
        octets.remove_prefix(3);
    return std::string(octets);
}

std::string folded(std::string_view name) {
    std::string out;
    for (const char c : name)
        if (c != '-' && c != '_')
            out.push_back(c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c);
    return out;
}

} // namespace

text_result<std::string> decode_gbk(std::string_view octets) {
    // Opening costs more than a line of text, and a file has many lines.
    static thread_local const converter from_gbk("GB18030");
    if (!from_gbk.is_open())
        return bad_text{0, "the C library cannot convert GB18030; install its gconv modules"};
    iconv(from_gbk.handle(), nullptr, nullptr, nullptr, nullptr);
    std::string out;
    char chunk[4096];
    char* next = const_cast<char*>(octets.data()); // iconv does not write there
    std::size_t left = octets.size();
    while (left > 0) {
        char* to = chunk;
        std::size_t room = sizeof chunk;
        const auto done = iconv(from_gbk.handle(), &next, &left, &to, &room);
        const int error = done == static_cast<std::size_t>(-1) ? errno : 0;
        if (error != 0 && error != E2BIG)
            return bad_gbk(octets, octets.size() - left, error);
        out.append(chunk, to);
    }
    return out;
}

text_result<std::string> decode_charset(std::string_view charset, std::string_view octets) {
    const auto name = folded(charset);
    if (name == "utf8")
        return checked_utf8(octets);
    if (name == "gb18030" || name == "gbk" || name == "gb2312")
        return decode_gbk(octets);
    if (name == "latin1" || name == "iso88591")
        return utf8_of_latin1(octets);
    return bad_text{0, "unknown charset '" + std::string(charset) +
                           "'; use utf-8, gb18030, gbk, gb2312 or latin1"};
}

} // namespace posthorn::encoding
