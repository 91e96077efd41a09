#include "cli/file_options.hpp"

#include "cli/console.hpp"

#include <CLI/CLI.hpp>

namespace posthorn::cli {

void add_file_options(CLI::App& verb, row_order& order, std::string& delimiter,
                      std::string& rejects) {
    verb.add_option("--encoding", order.charset, "utf-8, gbk, gb2312, gb18030 or latin1")
        ->transform(
            CLI::IsMember({"utf-8", "gbk", "gb2312", "gb18030", "latin1"}, CLI::ignore_case))
        ->capture_default_str();
    verb.add_option("--delimiter", delimiter, "One character, or the word tab")
        ->capture_default_str();
    verb.add_option("--rejects", rejects, "Where rejected rows go [FILE.rejects.csv]");
}

char delimiter_option(const std::string& text) {
    if (text != "\\t" && text != "tab" && text.size() != 1)
        throw failure("--delimiter: is one character, or the word tab", usage);
    return text.size() == 1 ? text.front() : '\t';
}

} // namespace posthorn::cli
