// Where secrets come from, so that none stands in a settings file:
//
//     file:/etc/posthorn/acme.password   credential:acme.password   env:ACME_PASSWORD
#pragma once

#include "model/refusal.hpp"

#include <filesystem>
#include <string>
#include <string_view>

namespace posthorn::settings {

// `folder`: what a relative file: path begins at. The reason never shows the secret.
result<std::string> load_secret(std::string_view source, const std::filesystem::path& folder);

} // namespace posthorn::settings
