// A CSV file. However it is cut into pieces the same records come out; together they are the whole
// file, and what is written as CSV reads the same.
#include "fuzz/fuzz.hpp"

#include "cli/csv.hpp"

#include <algorithm>
#include <span>

using namespace posthorn::cli;
using posthorn::fuzz::require;

namespace {

std::vector<csv_record> records_of(csv_reader reader, std::string_view octets, std::size_t piece) {
    std::vector<csv_record> all;
    csv_record one;
    while (!octets.empty()) {
        reader.feed(octets.substr(0, piece));
        octets.remove_prefix(std::min(piece, octets.size()));
        while (reader.next(one))
            all.push_back(one);
    }
    reader.finish();
    while (reader.next(one))
        all.push_back(one);
    return all;
}

bool same(const csv_record& a, const csv_record& b) {
    return a.line == b.line && a.end == b.end && a.end_line == b.end_line && a.fields == b.fields &&
           a.problem == b.problem;
}

void check_places(const std::vector<csv_record>& records, std::string_view octets) {
    std::uint64_t end = 0;
    std::size_t line = 1;
    for (const auto& r : records) {
        require(r.end > end && r.end <= octets.size(), "records follow each other in the file");
        require(r.line >= line && r.end_line >= r.line, "lines are counted up");
        require(!r.fields.empty(), "a record has a field");
        end = r.end;
        line = r.end_line;
    }
    auto rest = octets.substr(end);
    if (end == 0 && rest.starts_with(utf8_mark))
        rest.remove_prefix(utf8_mark.size());
    require(rest.find_first_not_of("\r\n\"") == std::string_view::npos,
            "the records are the whole file");
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    auto octets = posthorn::fuzz::octets_of(data, size);
    const auto how = posthorn::fuzz::take_octet(octets);
    const std::size_t piece = 1 + how % 32;
    constexpr std::string_view delimiters = ",;\t|";
    const csv_reader::options options{
        .delimiter = delimiters[how >> 5 & 3], .double_byte = (how & 0x80) != 0, .longest = 64};
    const auto records = records_of(csv_reader(options), octets, octets.size() + 1);
    const auto pieces = records_of(csv_reader(options), octets, piece);
    require(std::ranges::equal(records, pieces, same), "pieces give the same records");
    check_places(records, octets);
    constexpr std::size_t tried = 8;
    for (const auto& r : std::span(records).first(std::min(tried, records.size()))) {
        const csv_reader later(options, r.end, r.end_line);
        const auto rest = records_of(later, octets.substr(r.end), piece);
        require(std::equal(rest.begin(), rest.end(), &r + 1, records.data() + records.size(), same),
                "reading can go on behind any record");
    }
    return 0;
}
