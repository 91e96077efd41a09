// Holds the table of tests/interop/cases.md to its word: all numbers, and tests that exist.
#include <doctest/doctest.h>

#include <filesystem>
#include <fstream>
#include <iterator>
#include <regex>
#include <string>

namespace interop_cases_test {

namespace {

namespace fs = std::filesystem;

std::string contents(const fs::path& file) {
    std::ifstream in(file);
    return {std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>()};
}

std::string all_tests() {
    std::string all;
    for (const auto& entry : fs::recursive_directory_iterator(TESTS_DIR))
        if (entry.path().extension() == ".cpp")
            all += contents(entry.path());
    return all;
}

} // namespace

TEST_CASE("smpp interop: every case names a test that exists, or a reason") {
    const auto tests = all_tests();
    std::ifstream table(std::string(TESTS_DIR) + "/interop/cases.md");
    const std::regex row(R"(\| (\d+) \| .+ \| (test|interop|none): (.+) \|)");
    int number = 0;
    for (std::string line; std::getline(table, line);) {
        std::smatch cells;
        if (!std::regex_match(line, cells, row))
            continue;
        CAPTURE(line);
        CHECK(std::stoi(cells[1]) == ++number);
        if (cells[2] == "test")
            CHECK(tests.find("\"" + cells[3].str() + "\"") != std::string::npos);
        if (cells[2] == "interop")
            CHECK((cells[3] == "npm" || cells[3] == "tshark" || cells[3] == "tshark_cmpp" ||
                   cells[3] == "net_smpp"));
    }
    CHECK(number == 89);
}

} // namespace interop_cases_test
