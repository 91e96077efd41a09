// Runs a target over files and all files of folders, without a fuzzer: `fuzz_csv corpus/csv`.
#include "fuzz/fuzz.hpp"

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <vector>

namespace {

void add_files(const std::filesystem::path& place, std::vector<std::filesystem::path>& files) {
    if (!std::filesystem::is_directory(place))
        return files.push_back(place);
    for (const auto& entry : std::filesystem::directory_iterator(place))
        files.push_back(entry.path());
}

} // namespace

int main(int argc, char** argv) {
    std::vector<std::filesystem::path> files;
    for (int i = 1; i < argc; ++i)
        add_files(argv[i], files);
    std::ranges::sort(files);
    for (const auto& file : files) {
        std::ifstream in(file, std::ios::binary);
        const std::vector<char> octets(std::istreambuf_iterator<char>(in), {});
        if (!in) {
            std::printf("cannot read %s\n", file.c_str());
            return 1;
        }
        std::printf("%s\n", file.c_str()); // the last one shown is the one that failed
        std::fflush(stdout);
        LLVMFuzzerTestOneInput(reinterpret_cast<const std::uint8_t*>(octets.data()), octets.size());
    }
    std::printf("%zu inputs\n", files.size());
    return files.empty() ? 1 : 0;
}
