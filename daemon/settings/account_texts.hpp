// How texts leave by an account, as its file says it: national tables, who signs, characters.
#pragma once

#include "encoding/text_rules.hpp"
#include "settings/reader.hpp"

#include <array>
#include <string_view>

namespace posthorn::settings {

// Who puts the signature before a text.
enum class signed_by : std::uint8_t { ours, carrier };

inline constexpr std::array<std::string_view, 2> signed_by_names{"ours", "carrier"};

struct account_texts {
    encoding::text_rules rules; // but for the signatures, which types have
    signed_by signature = signed_by::ours;

    bool operator==(const account_texts&) const = default;
};

account_texts read_account_texts(reader& root);

} // namespace posthorn::settings
