// CSV as it is met in the field (RFC 4180 and what spreadsheets make of it), read as a stream.
//
//     key,name,note⏎                          LF, CRLF and CR end a line; a BOM is skipped
//     B-1,"Miller, Ann","said ""yes""⏎        quoted fields may hold the delimiter, "" and line
//     ends on two lines"⏎
//
// A broken record costs itself only: after a quote that is never closed reading goes on with the
// next line, so that one stray quote does not swallow a file. What comes out does not depend on the
// pieces that went in.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace posthorn::cli {

// What may stand before UTF-8 and is no part of the text.
inline constexpr std::string_view utf8_mark = "\xEF\xBB\xBF";

struct csv_record {
    std::size_t line = 0;            // where it begins in the file, counted from 1
    std::uint64_t end = 0;           // octets of the file up to and including its line end
    std::size_t end_line = 0;        // the line that begins there
    std::vector<std::string> fields; // octets as they stand in the file, unquoted
    std::string problem;             // why it is not a record; then `fields` holds its first line,
                                     // of one that is too long the beginning
};

// Pure: octets go in, records come out. Columns are not counted here.
class csv_reader {
public:
    struct options {
        char delimiter = ',';
        bool double_byte = false;       // GBK: '|' may be the second octet of a character
        std::size_t longest = 1U << 18; // octets of one record
    };

    explicit csv_reader(options how);

    // Continues in the middle of a file: at `offset`, where `line` begins.
    csv_reader(options how, std::uint64_t offset, std::size_t line);

    void feed(std::string_view octets);
    void finish(); // nothing more will be fed

    // The next whole record; false when more octets are needed, or nothing is left after finish().
    // Lines without any octet are skipped.
    bool next(csv_record& record);

private:
    enum class scan : std::uint8_t { whole, more, broken };

    scan scan_record(csv_record& record);
    scan scan_quoted(std::string& field, std::size_t& at);
    scan scan_plain(std::string& field, std::size_t& at);
    bool take_broken(csv_record& record);
    bool line_end(std::size_t& at, bool& incomplete) const;
    void drop_tail(std::size_t end);
    void take(csv_record& record, std::size_t end);
    void skip_utf8_mark();

    options how_;
    std::string buffer_;
    std::size_t begin_ = 0;     // of what is not yet taken, in buffer_
    std::uint64_t dropped_ = 0; // octets of a line too long that are not kept
    std::uint64_t offset_ = 0;
    std::size_t line_ = 1;
    bool finished_ = false;
    std::string why_broken_;
};

// One line of CSV with its line end: fields are quoted where needed.
std::string csv_line(const std::vector<std::string>& fields, char delimiter = ',');

} // namespace posthorn::cli
