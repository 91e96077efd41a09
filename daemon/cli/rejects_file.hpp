// FILE.rejects.csv: the rows an import turned away, each with its line and the reason, to be mended
// and imported like any other file.
//
//     rejected line,rejected because,key,to,name⏎     UTF-8 with its mark, so that spreadsheets
//     3,to_ref: bad number,k2,138,Bob⏎                read and write it as such
#pragma once

#include <array>
#include <cstdint>
#include <filesystem>
#include <fstream>
#include <string>
#include <string_view>
#include <vector>

namespace posthorn::cli {

// Ours, before the columns of the file. No field of a type can have such a name, so that a mended
// row never says to a customer why it was rejected.
inline constexpr std::array<std::string_view, 2> rejects_columns{"rejected line",
                                                                 "rejected because"};

// Whether a header is that of such a file.
bool is_rejects_header(const std::vector<std::string>& header);

class rejects_file {
public:
    // `keep`: octets of an interrupted import's file that stay; 0: a new import. A rejects file
    // that is there already may be half mended and is set aside as PATH.1; throws failure when it
    // is any other file. The new one is made with the first row that goes into it.
    rejects_file(std::filesystem::path path, char delimiter, std::uint64_t keep);

    // Throws failure when it cannot be written.
    void add(const std::vector<std::string>& header, std::size_t line, const std::string& reason,
             const std::vector<std::string>& fields);

    // Octets that are surely in the file.
    std::uint64_t flush();

private:
    void open();
    void write(const std::string& line, const std::string& reason, std::vector<std::string> fields);
    [[noreturn]] void cannot_write() const;

    std::filesystem::path path_;
    char delimiter_;
    std::ofstream out_;
    std::uint64_t size_ = 0;
};

} // namespace posthorn::cli
