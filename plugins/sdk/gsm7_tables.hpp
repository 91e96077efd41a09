// The GSM 7-bit alphabet and the national tables in use, as data (3GPP TS 23.038 6.2.1, A.2, A.3):
// what stands at each code. The daemon codes texts by it, adapters recode by it (sdk/text.hpp).
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <string_view>

namespace posthorn::sdk {

constexpr char gsm_escape = 0x1B;

// Replaces the default table; the number is the language of IE 0x25.
enum class locking_shift : std::uint8_t { none = 0, turkish = 1, portuguese = 3 };

// Replaces the extension table; the number is the language of IE 0x24.
enum class single_shift : std::uint8_t { none = 0, turkish = 1, spanish = 2, portuguese = 3 };

// The two tables in force for a text. By default those every phone has.
struct gsm_alphabet {
    locking_shift locking = locking_shift::none;
    single_shift single = single_shift::none;

    bool operator==(const gsm_alphabet&) const = default;
};

namespace gsm_data {

inline constexpr std::u16string_view base =
    u"@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞ\x1bÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?"
    u"¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà";
static_assert(base.size() == 128);

struct entry {
    std::uint8_t code;
    char16_t character;
};
using entries = std::initializer_list<entry>;

inline constexpr entries extension = {{0x0A, u'\f'}, {0x14, u'^'}, {0x28, u'{'}, {0x29, u'}'},
                                      {0x2F, u'\\'}, {0x3C, u'['}, {0x3D, u'~'}, {0x3E, u']'},
                                      {0x40, u'|'},  {0x65, u'€'}};

inline constexpr entries turkish_locking = {{0x04, u'€'}, {0x07, u'ı'}, {0x0B, u'Ğ'}, {0x0C, u'ğ'},
                                            {0x1C, u'Ş'}, {0x1D, u'ş'}, {0x40, u'İ'}, {0x60, u'ç'}};

inline constexpr entries portuguese_locking = {
    {0x04, u'ê'}, {0x06, u'ú'}, {0x07, u'í'},  {0x08, u'ó'}, {0x09, u'ç'}, {0x0B, u'Ô'},
    {0x0C, u'ô'}, {0x0E, u'Á'}, {0x0F, u'á'},  {0x12, u'ª'}, {0x13, u'Ç'}, {0x14, u'À'},
    {0x15, u'∞'}, {0x16, u'^'}, {0x17, u'\\'}, {0x18, u'€'}, {0x19, u'Ó'}, {0x1A, u'|'},
    {0x1C, u'Â'}, {0x1D, u'â'}, {0x1E, u'Ê'},  {0x24, u'º'}, {0x40, u'Í'}, {0x5B, u'Ã'},
    {0x5C, u'Õ'}, {0x5D, u'Ú'}, {0x60, u'~'},  {0x7B, u'ã'}, {0x7C, u'õ'}, {0x7D, u'`'}};

// The single shift tables also have all of the extension.
inline constexpr entries turkish_single = {{0x47, u'Ğ'}, {0x49, u'İ'}, {0x53, u'Ş'}, {0x63, u'ç'},
                                           {0x67, u'ğ'}, {0x69, u'ı'}, {0x73, u'ş'}};

inline constexpr entries spanish_single = {{0x09, u'ç'}, {0x41, u'Á'}, {0x49, u'Í'},
                                           {0x4F, u'Ó'}, {0x55, u'Ú'}, {0x61, u'á'},
                                           {0x69, u'í'}, {0x6F, u'ó'}, {0x75, u'ú'}};

inline constexpr entries portuguese_single = {
    {0x05, u'ê'}, {0x09, u'ç'}, {0x0B, u'Ô'}, {0x0C, u'ô'}, {0x0E, u'Á'}, {0x0F, u'á'},
    {0x12, u'Φ'}, {0x13, u'Γ'}, {0x15, u'Ω'}, {0x16, u'Π'}, {0x17, u'Ψ'}, {0x18, u'Σ'},
    {0x19, u'Θ'}, {0x1F, u'Ê'}, {0x41, u'À'}, {0x49, u'Í'}, {0x4F, u'Ó'}, {0x55, u'Ú'},
    {0x5B, u'Ã'}, {0x5C, u'Õ'}, {0x61, u'Â'}, {0x69, u'í'}, {0x6F, u'ó'}, {0x75, u'ú'},
    {0x7B, u'ã'}, {0x7C, u'õ'}, {0x7F, u'â'}};

constexpr entries changes_of(locking_shift shift) {
    switch (shift) {
    case locking_shift::turkish:
        return turkish_locking;
    case locking_shift::portuguese:
        return portuguese_locking;
    case locking_shift::none:
        break;
    }
    return {};
}

constexpr entries changes_of(single_shift shift) {
    switch (shift) {
    case single_shift::turkish:
        return turkish_single;
    case single_shift::spanish:
        return spanish_single;
    case single_shift::portuguese:
        return portuguese_single;
    case single_shift::none:
        break;
    }
    return {};
}

} // namespace gsm_data

// What stands at each code; 0: nothing.
struct gsm_codes {
    std::array<char16_t, 128> locking{};
    std::array<char16_t, 128> single{}; // after the escape
};

constexpr gsm_codes codes_of(gsm_alphabet tables) {
    gsm_codes codes;
    for (std::size_t i = 0; i < gsm_data::base.size(); ++i)
        codes.locking[i] = gsm_data::base[i];
    for (const auto& e : gsm_data::changes_of(tables.locking))
        codes.locking[e.code] = e.character;
    for (const auto& e : gsm_data::extension)
        codes.single[e.code] = e.character;
    for (const auto& e : gsm_data::changes_of(tables.single))
        codes.single[e.code] = e.character;
    return codes;
}

} // namespace posthorn::sdk
