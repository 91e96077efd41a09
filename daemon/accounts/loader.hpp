// The host's half of the plugin contracts: finds NAME.so, refuses what does not fit, and reads the
// options of an account, or of a system that is a handler, as the plugin declared them.
//
//     open -> abi -> build tag -> name -> options -> create
//
// A plugin stays in memory until the process ends (RTLD_NODELETE): coroutine frames and virtual
// tables must outlive everything. A new version is taken by restart.
#pragma once

#include "sdk/adapter.hpp"
#include "sdk/handler.hpp"
#include "settings/reader.hpp"

#include <boost/system/result.hpp>

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

namespace posthorn::accounts {

// Why a plugin was not taken: what, where, and what to do.
struct refused {
    std::string what;
};
// What value() of a result without one throws: std::runtime_error with the sentence.
[[noreturn]] void throw_exception_from_error(const refused& why, const boost::source_location&);

// Loads `folder`/NAME.so. The descriptor lives as long as the process.
boost::system::result<const sdk::adapter_plugin*, refused> load(const std::filesystem::path& folder,
                                                                std::string_view name);
boost::system::result<const sdk::handler_plugin*, refused>
load_handler(const std::filesystem::path& folder, std::string_view name);

// The checks made on a descriptor found in `file`; the empty string when all is well.
std::string objection(const sdk::adapter_plugin& plugin, std::string_view name,
                      const std::filesystem::path& file);
std::string objection(const sdk::handler_plugin& plugin, std::string_view name,
                      const std::filesystem::path& file);

// The names of the *.so files in `folder`, sorted.
std::vector<std::string> available(const std::filesystem::path& folder);

// For people: what the plugin is, and every option with its default and help.
std::string describe(const sdk::adapter_plugin& plugin);
std::string describe(const sdk::handler_plugin& plugin);

// Reads every declared option from the account's map, with the adapter's fallback where it is
// absent. What is wrong is recorded in the reader with its line, as for any settings file; the
// result is good only if the document's finish() has no problems. Asks for the declared keys only.
sdk::options read_options(const sdk::adapter_plugin& plugin, settings::reader account);
// Likewise from the system's map, where the options stand beside the keys of every system; keys that
// are neither are recorded.
sdk::options read_options(const sdk::handler_plugin& plugin, settings::reader system);

} // namespace posthorn::accounts
