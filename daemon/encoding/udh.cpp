#include "encoding/udh.hpp"

#include <cstdint>

namespace posthorn::encoding {

namespace {

enum : unsigned {
    concat_8 = 0x00,
    concat_16 = 0x08,
    language_single = 0x24,
    language_locking = 0x25
};

unsigned octet_at(std::string_view octets, std::size_t at) {
    return static_cast<unsigned char>(octets[at]);
}

/// False when the element has not the length it must have.
bool read_concat(user_data_header& header, std::string_view data, int bits) {
    const std::size_t wide = bits == 16 ? 1 : 0;
    if (data.size() != 3 + wide)
        return false;
    const concat part = {.reference =
                             wide ? octet_at(data, 0) << 8 | octet_at(data, 1) : octet_at(data, 0),
                         .total = octet_at(data, 1 + wide),
                         .number = octet_at(data, 2 + wide),
                         .reference_bits = bits};
    // The specification says to ignore an element with numbers that make no sense.
    if (part.number >= 1 && part.number <= part.total)
        header.part = part;
    return true;
}

bool read_language(user_data_header& header, std::string_view data, unsigned element) {
    if (data.size() != 1)
        return false;
    const auto language = static_cast<std::uint8_t>(data[0]);
    if (element == language_single && language <= 3)
        header.tables.single = static_cast<single_shift>(language);
    else if (element == language_locking && language <= 3 && language != 2)
        header.tables.locking = static_cast<locking_shift>(language);
    else
        header.unknown_language = true;
    return true;
}

bool read_element(user_data_header& header, unsigned element, std::string_view data) {
    switch (element) {
    case concat_8:
        return read_concat(header, data, 8);
    case concat_16:
        return read_concat(header, data, 16);
    case language_single:
    case language_locking:
        return read_language(header, data, element);
    default:
        return true;
    }
}

bool read_elements(user_data_header& header, std::string_view elements) {
    while (!elements.empty()) {
        if (elements.size() < 2 || elements.size() - 2 < octet_at(elements, 1))
            return false;
        const std::size_t length = octet_at(elements, 1);
        if (!read_element(header, octet_at(elements, 0), elements.substr(2, length)))
            return false;
        elements.remove_prefix(2 + length);
    }
    return true;
}

} // namespace

user_data_header read_header(std::string_view octets) {
    user_data_header header;
    if (octets.empty() || octets.size() - 1 < octet_at(octets, 0)) {
        header.broken = true;
        return header;
    }
    header.text_at = 1 + octet_at(octets, 0);
    if (!read_elements(header, octets.substr(1, header.text_at - 1))) {
        header.broken = true;
        header.part.reset();
    }
    return header;
}

} // namespace posthorn::encoding
