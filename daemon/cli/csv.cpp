// One record is scanned from the start of what is buffered; when it is not whole yet, scanning
// starts over with the next piece. Pieces are much longer than records.
#include "cli/csv.hpp"

#include <algorithm>
#include <utility>

namespace posthorn::cli {

namespace {

bool lead_octet(char c) {
    const auto u = static_cast<unsigned char>(c);
    return u >= 0x81 && u <= 0xFE;
}

} // namespace

csv_reader::csv_reader(options how) : how_(how) {}

csv_reader::csv_reader(options how, std::uint64_t offset, std::size_t line)
    : how_(how), offset_(offset), line_(line) {}

void csv_reader::feed(std::string_view octets) {
    buffer_.erase(0, begin_);
    begin_ = 0;
    buffer_ += octets;
}

void csv_reader::finish() { finished_ = true; }

void csv_reader::skip_utf8_mark() {
    if (offset_ == 0 && buffer_.compare(begin_, utf8_mark.size(), utf8_mark) == 0) {
        begin_ += utf8_mark.size();
        offset_ += utf8_mark.size();
    }
}

// Whether a line ends at `at`; then `at` moves behind it. A CR that is the last octet so far may be
// half of a CRLF.
bool csv_reader::line_end(std::size_t& at, bool& incomplete) const {
    if (buffer_[at] == '\n') {
        ++at;
        return true;
    }
    if (buffer_[at] != '\r')
        return false;
    if (at + 1 == buffer_.size() && !finished_) {
        incomplete = true;
        return false;
    }
    at += at + 1 < buffer_.size() && buffer_[at + 1] == '\n' ? 2U : 1U;
    return true;
}

bool csv_reader::next(csv_record& record) {
    for (;;) {
        if (offset_ == 0 && !finished_ && buffer_.size() < utf8_mark.size())
            return false;
        skip_utf8_mark();
        if (begin_ == buffer_.size())
            return false;
        const scan outcome = scan_record(record);
        if (outcome == scan::more)
            return false;
        if (outcome == scan::broken)
            return take_broken(record);
        if (record.fields.size() > 1 || !record.fields.front().empty())
            return true;
    }
}

csv_reader::scan csv_reader::scan_record(csv_record& record) {
    record.problem.clear();
    record.fields.clear();
    for (std::size_t at = begin_;;) {
        auto& field = record.fields.emplace_back();
        const bool within = at - begin_ <= how_.longest; // beyond it no field begins any more
        const bool quoted = within && at < buffer_.size() && buffer_[at] == '"';
        const scan outcome = quoted ? scan_quoted(field, at) : scan_plain(field, at);
        if (outcome != scan::whole)
            return outcome;
        if (at == buffer_.size()) { // the last line of the file, without a line end
            take(record, at);
            return scan::whole;
        }
        if (buffer_[at] == how_.delimiter) {
            ++at;
            continue;
        }
        bool incomplete = false;
        if (line_end(at, incomplete)) {
            take(record, at);
            return scan::whole;
        }
        if (incomplete)
            return scan::more;
        why_broken_ =
            "text after a closing quote in column " + std::to_string(record.fields.size());
        return scan::broken;
    }
}

// From the opening quote to behind the closing one.
csv_reader::scan csv_reader::scan_quoted(std::string& field, std::size_t& at) {
    for (++at; at - begin_ <= how_.longest; ++at) {
        if (at == buffer_.size()) {
            if (!finished_)
                return scan::more;
            why_broken_ = "a quote is opened and never closed";
            return scan::broken;
        }
        if (buffer_[at] != '"') {
            field += buffer_[at];
            continue;
        }
        if (at + 1 == buffer_.size() && !finished_)
            return scan::more;
        if (at + 1 == buffer_.size() || buffer_[at + 1] != '"') {
            ++at;
            return scan::whole;
        }
        field += '"';
        ++at;
    }
    why_broken_ =
        "a quote is opened and not closed within " + std::to_string(how_.longest) + " octets";
    return scan::broken;
}

// Up to the delimiter or the line end. A quote in the middle is a character like any other.
csv_reader::scan csv_reader::scan_plain(std::string& field, std::size_t& at) {
    for (; at < buffer_.size() && at - begin_ <= how_.longest; ++at) {
        const char c = buffer_[at];
        if (how_.double_byte && lead_octet(c) && at + 1 < buffer_.size() &&
            static_cast<unsigned char>(buffer_[at + 1]) >= 0x40) {
            field.append(buffer_, at, 2);
            ++at;
            continue;
        }
        if (c == how_.delimiter || c == '\n' || c == '\r')
            return scan::whole;
        field += c;
    }
    if (at - begin_ > how_.longest) {
        why_broken_ = "a line is longer than " + std::to_string(how_.longest) + " octets";
        return scan::broken;
    }
    return finished_ ? scan::whole : scan::more;
}

// A record that cannot be one is given up as far as its first line goes.
bool csv_reader::take_broken(csv_record& record) {
    std::size_t at = begin_;
    bool incomplete = false;
    while (at < buffer_.size() && !line_end(at, incomplete) && !incomplete)
        ++at;
    const bool ended = at > begin_ && (buffer_[at - 1] == '\n' || buffer_[at - 1] == '\r');
    if (incomplete || (!ended && !finished_)) {
        drop_tail(at);
        return false;
    }
    std::string first = buffer_.substr(begin_, at - begin_);
    while (!first.empty() && (first.back() == '\n' || first.back() == '\r'))
        first.pop_back();
    first.resize(std::min(first.size(), how_.longest));
    take(record, at);
    record.fields.assign(1, std::move(first));
    record.problem = why_broken_;
    return true;
}

// Of a line that is given up and has no end yet, what is beyond the limit is not needed: memory
// stays bounded. What is kept is enough to come to the same verdict again.
void csv_reader::drop_tail(std::size_t end) {
    constexpr std::size_t character = 4;
    const auto keep = begin_ + how_.longest + character;
    if (end <= keep)
        return;
    buffer_.erase(keep, end - keep);
    dropped_ += end - keep;
}

void csv_reader::take(csv_record& record, std::size_t end) {
    record.line = line_;
    for (std::size_t at = begin_; at < end; ++at) {
        const bool crlf = buffer_[at] == '\r' && at + 1 < end && buffer_[at + 1] == '\n';
        if (buffer_[at] == '\n' || (buffer_[at] == '\r' && !crlf))
            ++line_;
    }
    offset_ += std::exchange(dropped_, 0) + (end - begin_);
    begin_ = end;
    record.end = offset_;
    record.end_line = line_;
}

std::string csv_line(const std::vector<std::string>& fields, char delimiter) {
    std::string out;
    for (const auto& field : fields) {
        if (&field != &fields.front())
            out += delimiter;
        const bool plain = field.find_first_of("\"\r\n") == std::string::npos &&
                           field.find(delimiter) == std::string::npos;
        if (plain) {
            out += field;
            continue;
        }
        out += '"';
        for (const char c : field)
            out += c == '"' ? std::string("\"\"") : std::string(1, c);
        out += '"';
    }
    return out + '\n';
}

} // namespace posthorn::cli
