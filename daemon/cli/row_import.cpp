#include "cli/row_import.hpp"

#include "cli/bookmark.hpp"
#include "cli/charset_check.hpp"
#include "cli/console.hpp"
#include "cli/csv.hpp"
#include "cli/file_lock.hpp"
#include "cli/rejects_file.hpp"
#include "encoding/gbk.hpp"
#include "encoding/utf8.hpp"

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <fstream>
#include <utility>

namespace posthorn::cli {

namespace {

constexpr std::size_t piece = 1U << 18;
constexpr std::size_t shown_rejections = 10;
constexpr std::string_view unreadable = "\uFFFD";

bool is_ascii(std::string_view text) {
    return std::ranges::all_of(text, [](char c) { return static_cast<unsigned char>(c) < 0x80; });
}

bool double_byte(const std::string& charset) { return charset.starts_with("gb"); }

// A field for the rejects file, where a person mends it: U+FFFD for what is no character.
std::string readable(const std::string& charset, std::string_view field) {
    std::string out;
    while (!field.empty()) {
        const auto text = encoding::decode_charset(charset, field);
        if (text)
            return out + *text;
        const auto bad = text.error().offset;
        out += readable(charset, field.substr(0, bad));
        encoding::append_utf8(out, encoding::replacement);
        field.remove_prefix(bad + 1);
    }
    return out;
}

void check_files(const row_order& order) {
    const auto file = order.file.string();
    if (std::filesystem::is_directory(order.file))
        throw failure(file + ": is a folder, not a file");
    if (!std::filesystem::is_regular_file(order.file))
        throw failure(file + ": there is no such file");
    std::error_code missing;
    if (std::filesystem::equivalent(order.file, order.rejects, missing))
        throw failure("--rejects " + order.rejects.string() +
                          ": is the file itself: name another one",
                      usage);
    if (const auto mistake = charset_mistake(order.file, order.charset))
        throw failure(file + ": " + *mistake);
}

// The file as records, from any place.
class record_stream {
public:
    record_stream(const row_order& order, std::uint64_t offset, std::size_t line)
        : in_(order.file, std::ios::binary), file_(order.file.string()),
          reader_({.delimiter = order.delimiter, .double_byte = double_byte(order.charset)}, offset,
                  line) {
        in_.seekg(static_cast<std::streamoff>(offset));
        if (!in_)
            throw failure("cannot read " + file_ + ": " + std::strerror(errno));
    }

    bool next(csv_record& record) {
        while (!reader_.next(record)) {
            if (ended_)
                return false;
            feed();
        }
        return true;
    }

private:
    void feed() {
        std::string octets(piece, '\0');
        in_.read(octets.data(), static_cast<std::streamsize>(octets.size()));
        octets.resize(static_cast<std::size_t>(in_.gcount()));
        if (in_.bad())
            throw failure("cannot read on in " + file_ + ": " + std::strerror(errno));
        ended_ = in_.eof();
        reader_.feed(octets);
        if (ended_)
            reader_.finish();
    }

    std::ifstream in_;
    std::string file_;
    csv_reader reader_;
    bool ended_ = false;
};

// One run over a file.
class row_importer {
public:
    row_importer(const row_order& order, const row_taker& taker);
    row_progress run();

private:
    void read_header();
    void take(csv_record& record);
    std::string row_problem(const csv_record& record) const;
    std::string decode(csv_record& record) const;
    void reject(const csv_record& record, const std::string& reason);
    void commit(bool complete);

    const row_order& order_;
    const row_taker& taker_;
    std::vector<std::string> header_;
    bookmark mark_;
    row_progress progress_;
    std::optional<rejects_file> rejects_;
};

row_importer::row_importer(const row_order& order, const row_taker& taker)
    : order_(order), taker_(taker) {
    check_files(order);
    mark_.file = identity_of(order.file);
    mark_.purpose = order.purpose;
    read_header();
    const auto earlier = order.resumes ? load_bookmark(order.file) : std::nullopt;
    if (!order.again && !order.dry_run && earlier && earlier->file == mark_.file &&
        earlier->purpose == mark_.purpose) {
        mark_ = *earlier;
        progress_.resumed_at = mark_.line;
        progress_.was_complete = mark_.complete;
    }
    if (std::exchange(mark_.rejects, order.rejects.string()) != order.rejects.string())
        mark_.rejects_size = 0;
    progress_.size = mark_.file.size;
    progress_.read = mark_.read;
    progress_.taken = mark_.taken;
    progress_.rejected = mark_.rejected;
}

void row_importer::read_header() {
    record_stream stream(order_, 0, 1);
    csv_record record;
    if (!stream.next(record))
        throw failure(order_.file.string() + ": is empty; the first line must name the columns");
    const auto& first = record.fields.front();
    if (first.starts_with("\xFF\xFE") || first.starts_with("\xFE\xFF"))
        throw failure(order_.file.string() + ": is UTF-16; save it as \"CSV UTF-8\"");
    const auto problem = record.problem.empty() ? decode(record) : record.problem;
    if (!problem.empty())
        throw failure(order_.file.string() + ":1: the header: " + problem);
    auto unused = taker_.header(record.fields);
    if (!unused)
        throw failure(order_.file.string() + ":1: " + unused.error().reason);
    header_ = std::move(record.fields);
    progress_.unused = std::move(*unused);
    mark_.offset = record.end;
    mark_.line = record.end_line;
}

row_progress row_importer::run() {
    if (progress_.was_complete)
        return progress_;
    std::optional<file_lock> alone;
    if (!order_.dry_run) {
        alone.emplace(order_.file);
        rejects_.emplace(order_.rejects, order_.delimiter, mark_.rejects_size);
    }
    record_stream stream(order_, mark_.offset, mark_.line);
    csv_record record;
    std::size_t gathered = 0;
    while (stream.next(record)) {
        take(record);
        mark_.offset = record.end;
        mark_.line = record.end_line;
        if (++gathered == order_.batch) {
            commit(false);
            gathered = 0;
        }
    }
    commit(true);
    return progress_;
}

void row_importer::take(csv_record& record) {
    ++progress_.read;
    if (const auto problem = row_problem(record); !problem.empty()) {
        for (auto& field : record.fields)
            field = readable(order_.charset, field);
        return reject(record, problem);
    }
    if (const auto problem = decode(record); !problem.empty())
        return reject(record, problem);

    if (const auto problem = taker_.row(record.fields, record.line); !problem.empty())
        return reject(record, problem);
    ++progress_.taken;
}

std::string row_importer::row_problem(const csv_record& record) const {
    if (!record.problem.empty() || record.fields.size() == header_.size())
        return record.problem;
    return "has " + std::to_string(record.fields.size()) + " columns, the header has " +
           std::to_string(header_.size());
}

// The fields become UTF-8, as far as they can; or the reason why not all do.
std::string row_importer::decode(csv_record& record) const {
    std::string problem;
    for (std::size_t i = 0; i < record.fields.size(); ++i) {
        auto& field = record.fields[i];
        if (is_ascii(field))
            continue;
        const std::string column =
            "column " + (i < header_.size() ? "'" + header_[i] + "'" : std::to_string(i + 1));
        auto text = encoding::decode_charset(order_.charset, field);
        if (!text && problem.empty())
            problem = column + " is not " + order_.charset + " at octet " +
                      std::to_string(text.error().offset + 1) + ": " + text.error().reason +
                      (order_.charset == "utf-8" && encoding::decode_gbk(field)
                           ? " (is the file GBK? then --encoding gbk)"
                           : "");
        field = text ? std::move(*text) : readable(order_.charset, field);
        if (text && problem.empty() && field.find(unreadable) != std::string::npos)
            problem = column + " has U+FFFD, which stands for an unreadable character: write the "
                               "right one";
    }
    return problem;
}

void row_importer::reject(const csv_record& record, const std::string& reason) {
    ++progress_.rejected;
    if (progress_.rejections.size() < shown_rejections)
        progress_.rejections.push_back("line " + std::to_string(record.line) + ": " + reason);
    if (!rejects_)
        return;
    auto header = header_;
    auto fields = record.fields;
    if (is_rejects_header(header_)) { // a rejects file itself: with the new reason, not both
        const auto ours = static_cast<std::ptrdiff_t>(rejects_columns.size());
        header.erase(header.begin(), header.begin() + ours);
        fields.erase(fields.begin(), fields.begin() + std::min(ours, std::ssize(fields)));
    }
    rejects_->add(header, record.line, reason, fields);
}

void row_importer::commit(bool complete) {
    if (!order_.dry_run) {
        mark_.rejects_size = rejects_->flush();
        taker_.commit();
        mark_.read = progress_.read;
        mark_.taken = progress_.taken;
        mark_.rejected = progress_.rejected;
        mark_.complete = complete;
        if (order_.resumes)
            save_bookmark(order_.file, mark_);
    }
    progress_.offset = mark_.offset;
    if (taker_.progress)
        taker_.progress(progress_);
}

} // namespace

row_progress take_rows(const row_order& order, const row_taker& taker) {
    return row_importer(order, taker).run();
}

} // namespace posthorn::cli
