#include "sdk/http/codes.hpp"

#include <algorithm>

namespace posthorn::sdk {

namespace {

bool fits(std::string_view written, std::string_view code) {
    if (!written.ends_with('*'))
        return written == code;
    written.remove_suffix(1);
    return code.starts_with(written);
}

} // namespace

const code_row* row_of(std::span<const code_row> codes, std::string_view code) {
    const auto found =
        std::ranges::find_if(codes, [&](const code_row& r) { return fits(r.code, code); });
    return found == codes.end() ? nullptr : &*found;
}

http_reading reading_of(std::span<const code_row> codes, std::string code, http_meaning unlisted) {
    const auto* known = row_of(codes, code);
    http_reading said{.what = unlisted, .code = std::move(code)};
    if (known != nullptr) {
        said.what = known->what;
        said.after = known->after;
    }
    return said;
}

std::string words_of(std::span<const code_row> codes, std::string_view code) {
    const auto* known = row_of(codes, code);
    return known == nullptr ? std::string() : std::string(known->words);
}

} // namespace posthorn::sdk
