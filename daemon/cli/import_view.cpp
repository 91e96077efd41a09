#include "cli/import_view.hpp"

#include <algorithm>

namespace posthorn::cli {

namespace {

constexpr std::uint64_t bar_width = 20;
constexpr auto bar_pause = std::chrono::milliseconds(100);
constexpr auto line_pause = std::chrono::seconds(5);

std::string minutes_of(std::uint64_t seconds) {
    const auto rest = std::to_string(seconds % 60);
    return std::to_string(seconds / 60) + (rest.size() < 2 ? ":0" : ":") + rest;
}

std::string unused_line(const std::vector<std::string>& columns) {
    std::string names;
    for (const auto& name : columns)
        names += (names.empty() ? "" : ", ") + name;
    return names.empty() ? "" : "columns not used: " + names + '\n';
}

} // namespace

std::string with_commas(std::uint64_t n) {
    std::string digits = std::to_string(n);
    for (std::size_t at = digits.size(); at > 3;) {
        at -= 3;
        digits.insert(at, 1, ',');
    }
    return digits;
}

import_view::import_view(console& to, std::string name, clock::time_point start)
    : to_(to), name_(std::move(name)), start_(start), shown_(start) {}

std::string import_view::line(const row_progress& progress, clock::time_point now) const {
    using std::chrono::duration_cast;
    using std::chrono::milliseconds;
    const auto passed = static_cast<std::uint64_t>(
        std::max<std::int64_t>(1, duration_cast<milliseconds>(now - start_).count()));
    const std::uint64_t rows = progress.read - rows_before_;
    const std::uint64_t size = std::max<std::uint64_t>(1, progress.size);
    const std::uint64_t done = std::min(progress.offset, size);
    const std::uint64_t fresh = std::max<std::uint64_t>(1, done - std::min(done, offset_before_));
    const std::uint64_t left = (size - done) * passed / fresh / 1000;
    const std::uint64_t marks = done * bar_width / size;
    return name_ + "  [" + std::string(marks, '#') + std::string(bar_width - marks, '.') + "]  " +
           std::to_string(done * 100 / size) + "%   " + with_commas(progress.read) + " rows   " +
           with_commas(rows * 1000 / passed) + "/s   " + with_commas(progress.rejected) +
           " rejected   " + minutes_of(left) + " left";
}

void import_view::update(const row_progress& progress, clock::time_point now) {
    if (first_) { // the first transaction stands for what an earlier import had done
        first_ = false;
        rows_before_ = progress.resumed_at == 0 ? 0 : progress.read;
        offset_before_ = progress.resumed_at == 0 ? 0 : progress.offset;
    }
    if (now - shown_ < (to_.terminal ? clock::duration(bar_pause) : clock::duration(line_pause)))
        return;
    shown_ = now;
    std::string text = line(progress, now);
    if (!to_.terminal) {
        to_.err << text << '\n' << std::flush;
        return;
    }
    const std::size_t width = text.size();
    text.resize(std::max(width, width_), ' ');
    width_ = width;
    to_.err << '\r' << text << std::flush;
}

void import_view::end() {
    if (width_ > 0)
        to_.err << '\r' << std::string(width_, ' ') << '\r' << std::flush;
    width_ = 0;
}

std::string rejected_text(const row_order& order, const row_progress& progress) {
    std::string text = with_commas(progress.rejected) + " rejected";
    if (progress.rejected > 0 && !order.dry_run)
        text += " (" + order.rejects.string() + ")";
    text += '\n';
    if (progress.rejected > 0)
        for (const auto& why : progress.rejections)
            text += "  " + why + '\n';
    if (progress.rejected > progress.rejections.size() && progress.resumed_at == 0)
        text += "  ...\n";
    return text + unused_line(progress.unused);
}

std::string summary_of(const import_order& order, const import_progress& progress,
                       const std::string& mend) {
    if (progress.was_complete)
        return order.file.string() +
               " was imported completely before; nothing is queued (--again imports it anew: keys "
               "the daemon knows change nothing)\n";
    std::string text = order.dry_run ? "dry run: " : "";
    text += with_commas(progress.read) + " rows read, " + with_commas(progress.taken) +
            (order.dry_run ? " good, " : " queued, ") + rejected_text(order, progress);
    if (order.dry_run)
        return text + "nothing was inserted; leave --dry-run out to queue the good rows\n";
    if (progress.rejected > 0)
        text += "next: mend the rows in the rejects file (it is UTF-8) and import that file:\n  " +
                mend + '\n';
    if (progress.taken > 0)
        text += "next: `posthorn status`, or `posthorn show KEY` for one row\n";
    return text;
}

} // namespace posthorn::cli
