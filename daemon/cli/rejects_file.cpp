#include "cli/rejects_file.hpp"

#include "cli/console.hpp"
#include "cli/csv.hpp"

#include <cerrno>
#include <cstring>

namespace posthorn::cli {

namespace {

bool begins_like_ours(const std::filesystem::path& path) {
    std::ifstream in(path, std::ios::binary);
    std::string head(64, '\0');
    in.read(head.data(), static_cast<std::streamsize>(head.size()));
    head.resize(static_cast<std::size_t>(in.gcount()));
    std::string_view text = head;
    if (text.starts_with(utf8_mark)) // a person's program may have taken it away
        text.remove_prefix(utf8_mark.size());
    text.remove_prefix(text.starts_with('"') ? 1 : 0);
    return text.starts_with(rejects_columns[0]);
}

void set_aside(const std::filesystem::path& path) {
    for (int n = 1;; ++n) {
        const std::filesystem::path other = path.string() + "." + std::to_string(n);
        if (std::filesystem::exists(other))
            continue;
        std::filesystem::rename(path, other);
        return;
    }
}

} // namespace

bool is_rejects_header(const std::vector<std::string>& header) {
    return header.size() > rejects_columns.size() && header[0] == rejects_columns[0] &&
           header[1] == rejects_columns[1];
}

rejects_file::rejects_file(std::filesystem::path path, char delimiter, std::uint64_t keep)
    : path_(std::move(path)), delimiter_(delimiter) {
    if (!std::filesystem::exists(path_))
        return;
    if (!std::filesystem::is_regular_file(path_) || !begins_like_ours(path_))
        throw failure(path_.string() + ": exists and is no rejects file of an import: choose "
                                       "another with --rejects");
    if (keep == 0 || std::filesystem::file_size(path_) < keep) {
        set_aside(path_);
        return;
    }
    std::filesystem::resize_file(path_, keep);
    size_ = keep;
}

void rejects_file::add(const std::vector<std::string>& header, std::size_t line,
                       const std::string& reason, const std::vector<std::string>& fields) {
    if (!out_.is_open())
        open();
    if (size_ == utf8_mark.size())
        write(std::string(rejects_columns[0]), std::string(rejects_columns[1]), header);
    write(std::to_string(line), reason, fields);
}

std::uint64_t rejects_file::flush() {
    if (out_.is_open() && !out_.flush())
        cannot_write();
    return size_;
}

void rejects_file::open() {
    out_.open(path_, std::ios::binary | std::ios::app);
    if (!out_)
        cannot_write();
    if (size_ > 0)
        return;
    out_ << utf8_mark;
    size_ = utf8_mark.size();
}

void rejects_file::write(const std::string& line, const std::string& reason,
                         std::vector<std::string> fields) {
    fields.insert(fields.begin(), {line, reason});
    const std::string text = csv_line(fields, delimiter_);
    out_ << text;
    size_ += text.size();
}

void rejects_file::cannot_write() const {
    throw failure("cannot write " + path_.string() + ": " + std::strerror(errno) +
                  "; rejected rows go there: choose another with --rejects, and start again");
}

} // namespace posthorn::cli
