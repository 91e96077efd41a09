#include "cli/import.hpp"

#include "cli/bookmark.hpp"
#include "cli/console.hpp"
#include "encoding/gbk.hpp"

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <fstream>
#include <vector>

namespace posthorn::cli {

namespace {

constexpr std::size_t piece = 1U << 18;
constexpr std::size_t shown_rejections = 10;

bool is_ascii(std::string_view text) {
    return std::ranges::all_of(text, [](char c) { return static_cast<unsigned char>(c) < 0x80; });
}

bool double_byte(const std::string& charset) { return charset.starts_with("gb"); }

std::string purpose_of(const import_order& order) {
    std::string text = order.source + ' ' + order.type + ' ' + order.run + ' ' + order.charset +
                       ' ' + order.delimiter + ' ' + order.choice.key + ' ' + order.choice.to;
    for (const auto& [field, column] : order.choice.fields)
        text += ' ' + field + '=' + column;
    return text;
}

// Octets that cannot be shown as a text, shown as far as they can.
std::string ascii_of(std::string text) {
    std::ranges::replace_if(
        text, [](char c) { return static_cast<unsigned char>(c) >= 0x80; }, '?');
    return text;
}

// The file as records, from any place.
class record_stream {
public:
    record_stream(const import_order& order, std::uint64_t offset, std::size_t line)
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

// FILE.rejects.csv: made with the first row that goes there. It can be mended and imported itself.
class rejects_file {
public:
    rejects_file(std::filesystem::path path, std::uint64_t keep) : path_(std::move(path)) {
        if (std::filesystem::exists(path_)) {
            std::filesystem::resize_file(path_, keep);
            size_ = keep;
            if (keep == 0)
                std::filesystem::remove(path_);
        }
    }

    void add(const std::vector<std::string>& header, std::size_t line, const std::string& reason,
             const std::vector<std::string>& fields) {
        if (size_ == 0)
            write("line", "reason", header);
        write(std::to_string(line), reason, fields);
    }

    // Octets that are surely in the file.
    std::uint64_t flush() {
        if (out_.is_open() && !out_.flush())
            throw failure("cannot write " + path_.string() + ": " + std::strerror(errno));
        return size_;
    }

private:
    void write(const std::string& line, const std::string& reason,
               std::vector<std::string> fields) {
        if (!out_.is_open())
            out_.open(path_, std::ios::binary | std::ios::app);
        fields.insert(fields.begin(), {line, reason});
        const std::string text = csv_line(fields);
        out_ << text;
        size_ += text.size();
    }

    std::filesystem::path path_;
    std::ofstream out_;
    std::uint64_t size_ = 0;
};

// One run of an import.
class importer {
public:
    importer(const import_order& order, const templates::event_type* type,
             const import_ports& ports);
    import_progress run();

private:
    void read_header();
    void take(csv_record& record);
    std::string decode(csv_record& record) const;
    void reject(const csv_record& record, const std::string& reason);
    void commit(bool complete);

    const import_order& order_;
    const import_ports& ports_;
    const templates::event_type* type_;
    std::vector<std::string> header_;
    columns columns_;
    bookmark mark_;
    import_progress progress_;
    std::optional<rejects_file> rejects_;
    std::vector<event> batch_;
};

importer::importer(const import_order& order, const templates::event_type* type,
                   const import_ports& ports)
    : order_(order), ports_(ports), type_(type) {
    if (!std::filesystem::is_regular_file(order.file))
        throw failure(order.file.string() + ": there is no such file");
    mark_.file = identity_of(order.file);
    mark_.purpose = purpose_of(order);
    read_header();
    const auto earlier = load_bookmark(order.file);
    if (!order.again && !order.dry_run && earlier && earlier->file == mark_.file &&
        earlier->purpose == mark_.purpose) {
        mark_ = *earlier;
        progress_.resumed_at = mark_.line;
        progress_.was_complete = mark_.complete;
    }
    progress_.size = mark_.file.size;
    progress_.read = mark_.read;
    progress_.queued = mark_.queued;
    progress_.rejected = mark_.rejected;
}

void importer::read_header() {
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
    auto found = columns::find(record.fields, type_, order_.choice);
    if (!found)
        throw failure(order_.file.string() + ":1: " + found.error().reason);
    header_ = std::move(record.fields);
    columns_ = *found;
    mark_.offset = record.end;
    mark_.line = record.end_line;
}

import_progress importer::run() {
    if (progress_.was_complete)
        return progress_;
    if (!order_.dry_run)
        rejects_.emplace(order_.rejects, mark_.rejects_size);
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

void importer::take(csv_record& record) {
    ++progress_.read;
    std::string problem = record.problem;
    if (problem.empty() && record.fields.size() != columns_.count())
        problem = "has " + std::to_string(record.fields.size()) + " columns, the header has " +
                  std::to_string(columns_.count());
    if (problem.empty())
        problem = decode(record);
    if (!problem.empty())
        return reject(record, problem);

    event e = columns_.event_of(record.fields);
    e.source = order_.source;
    e.type = order_.type;
    e.run = order_.run;
    if (ports_.check) {
        auto verdict = ports_.check(e);
        if (!verdict.parked.empty())
            return reject(record, verdict.parked);
        if (!progress_.first_good)
            progress_.first_good = std::move(verdict);
    }
    ++progress_.queued;
    batch_.push_back(std::move(e));
}

// The fields become UTF-8; or the reason why they do not.
std::string importer::decode(csv_record& record) const {
    for (std::size_t i = 0; i < record.fields.size(); ++i) {
        if (is_ascii(record.fields[i]))
            continue;
        auto text = encoding::decode_charset(order_.charset, record.fields[i]);
        if (!text) {
            const std::string column =
                i < header_.size() ? "'" + header_[i] + "'" : std::to_string(i + 1);
            return "column " + column + " is not " + order_.charset + " at octet " +
                   std::to_string(text.error().offset + 1) + ": " + text.error().reason +
                   (order_.charset == "utf-8" && encoding::decode_gbk(record.fields[i])
                        ? " (is the file GBK? then --encoding gbk)"
                        : "");
        }
        record.fields[i] = std::move(*text);
    }
    return {};
}

void importer::reject(const csv_record& record, const std::string& reason) {
    ++progress_.rejected;
    if (progress_.rejections.size() < shown_rejections)
        progress_.rejections.push_back("line " + std::to_string(record.line) + ": " + reason);
    if (!rejects_)
        return;
    std::vector<std::string> shown;
    for (const auto& field : record.fields)
        shown.push_back(encoding::check_utf8(field) ? ascii_of(field) : field);
    rejects_->add(header_, record.line, reason, shown);
}

void importer::commit(bool complete) {
    if (!order_.dry_run) {
        mark_.rejects_size = rejects_->flush();
        if (!batch_.empty())
            ports_.insert(batch_);
        mark_.read = progress_.read;
        mark_.queued = progress_.queued;
        mark_.rejected = progress_.rejected;
        mark_.complete = complete;
        save_bookmark(order_.file, mark_);
    }
    batch_.clear();
    progress_.offset = mark_.offset;
    if (ports_.progress)
        ports_.progress(progress_);
}

} // namespace

import_progress import_file(const import_order& order, const templates::event_type* type,
                            const import_ports& ports) {
    return importer(order, type, ports).run();
}

} // namespace posthorn::cli
