// What the fuzz targets share. Each target is a program: a function that takes any octets and ends
// the program when our code breaks a promise. scripts/fuzz runs them under libFuzzer; a build without
// sanitizers replays corpus/TARGET through them as a test (replay.cpp).
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <string>
#include <string_view>

/// One run of a target. The name is libFuzzer's; it returns 0.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size);

namespace posthorn::fuzz {

/// The octets of one run.
inline std::string_view octets_of(const std::uint8_t* data, std::size_t size) {
    return size == 0 ? std::string_view()
                     : std::string_view(reinterpret_cast<const char*>(data), size);
}

/// Ends the program unless our code kept this promise, so that the input is kept.
inline void require(bool kept, std::string_view promise) {
    if (kept)
        return;
    std::fprintf(stderr, "not so: %.*s\n", static_cast<int>(promise.size()), promise.data());
    std::abort();
}

/// Whether a result is this value.
template <class Result, class Value>
bool is(const Result& result, const Value& value) {
    return result && *result == value;
}

/// The first octet as a number, taken off; 0 when there is none.
inline unsigned take_octet(std::string_view& octets) {
    if (octets.empty())
        return 0;
    const auto first = static_cast<unsigned char>(octets.front());
    octets.remove_prefix(1);
    return first;
}

/// What stands before the next line "---", taken off with it; all of it when there is none.
inline std::string_view take_section(std::string_view& octets) {
    constexpr std::string_view line = "\n---\n";
    const auto end = octets.find(line);
    const auto section = octets.substr(0, end);
    octets.remove_prefix(end == std::string_view::npos ? octets.size() : end + line.size());
    return section;
}

} // namespace posthorn::fuzz
