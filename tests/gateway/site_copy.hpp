// The shipped configuration in a folder of the test's own, to be changed.
#pragma once

#include "gateway/configuration.hpp"

#include "cli/scratch.hpp"

#include <doctest/doctest.h>

using namespace posthorn;

struct site_copy {
    scratch dir;

    site_copy() {
        std::filesystem::copy(PROJECT_DIR "/config", dir.path,
                              std::filesystem::copy_options::recursive);
        change("posthorn.yaml", "../build/release/plugins", BUILD_DIR "/plugins");
    }
    void change(const std::string& file, const std::string& from, const std::string& to) const {
        auto text = dir.read(file);
        const auto at = text.find(from);
        REQUIRE(at != std::string::npos);
        dir.write(file, text.replace(at, from.size(), to));
    }
    gateway::configuration read() const {
        return gateway::read_configuration(dir.path / "posthorn.yaml");
    }
    // Of all files, without the folder.
    std::string problems() const {
        auto text = settings::format(read().problems);
        const auto folder = dir.path.string() + "/";
        for (auto at = text.find(folder); at != std::string::npos; at = text.find(folder))
            text.erase(at, folder.size());
        return text;
    }
};
