// posthorn.yaml, or a file of accounts.d/: settings, or mistakes with their places. One octet first
// says which.
#include "fuzz/fuzz.hpp"

#include "settings/daemon_settings.hpp"

#include <unistd.h>

#include <filesystem>
#include <fstream>

using namespace posthorn;
using posthorn::fuzz::require;

namespace {

// Gone when the program ends well; a crash leaves one file behind.
class scratch_folder {
public:
    scratch_folder()
        : path_(std::filesystem::temp_directory_path() /
                ("posthorn-fuzz-" + std::to_string(::getpid()))) {
        std::filesystem::create_directories(path_);
    }
    ~scratch_folder() {
        std::error_code ignored;
        std::filesystem::remove_all(path_, ignored);
    }
    scratch_folder(const scratch_folder&) = delete;
    scratch_folder& operator=(const scratch_folder&) = delete;

    const std::filesystem::path& path() const { return path_; }

private:
    std::filesystem::path path_;
};

void check(const settings::problem_list& problems) {
    for (const auto& p : problems)
        require(p.line >= 0 && p.column >= 0 && !p.what.empty() && !settings::format(p).empty(),
                "a mistake has its place and is explained");
}

void read_accounts(const std::filesystem::path& folder) {
    auto loaded = settings::load_accounts(folder, {});
    check(loaded.problems);
    for (auto& account : loaded.accounts) {
        account.options.text("host", "");
        account.options.integer("port", {1, 65535}, 2775);
        account.options.duration("enquire", std::chrono::seconds(30));
        check(account.finish());
    }
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    static const scratch_folder folder;
    const auto file = folder.path() / "a.yaml";
    auto text = fuzz::octets_of(data, size);
    const bool account = fuzz::take_octet(text) == 'a';
    std::ofstream(file, std::ios::binary | std::ios::trunc) << text;
    if (account)
        read_accounts(folder.path());
    else
        check(settings::load_daemon_settings(file).problems);
    return 0;
}
