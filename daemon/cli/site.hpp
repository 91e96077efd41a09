// The configuration as the command line sees it: the same files, found in the same way, as the
// daemon's.
#pragma once

#include "intake/catalogue.hpp"
#include "settings/daemon_settings.hpp"

#include <filesystem>
#include <memory>
#include <string>
#include <string_view>

namespace posthorn::cli {

// --config, else $POSTHORN_CONFIG, else /etc/posthorn/posthorn.yaml.
std::filesystem::path config_path(const std::string& option);

// Throws failure with all problems of the file.
settings::daemon_settings load_site(const std::filesystem::path& config);

// Its time zone, or failure with the nearest name.
templates::zone zone_of(const settings::daemon_settings& site);

// Its types. Types with problems are left out, and their problems appended to `problems`.
std::shared_ptr<const intake::catalogue> load_catalogue(const settings::daemon_settings& site,
                                                        std::string& problems);

// The type, or failure with the nearest name and what is wrong with its file.
const templates::event_type& type_or_fail(const intake::catalogue& known, std::string_view name,
                                          const std::string& problems);

// The source's outbox file, or failure with the sources there are.
std::filesystem::path outbox_of(const settings::daemon_settings& site, std::string_view source);

} // namespace posthorn::cli
