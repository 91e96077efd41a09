#include "tables/handler/csv.hpp"

#include <algorithm>
#include <utility>

namespace tables {

namespace {

class lines {
public:
    explicit lines(std::string_view text) : text_(text) {
        constexpr std::string_view byte_order_mark = "\xEF\xBB\xBF";
        if (text_.starts_with(byte_order_mark))
            text_.remove_prefix(byte_order_mark.size());
    }

    bool more() const { return at_ < text_.size(); }
    std::size_t number() const { return number_; } // of the line that next() began with

    // The cells of a line; of several where quotes hold a line's end.
    std::vector<std::string> next() {
        number_ = lines_ + 1;
        std::vector<std::string> cells;
        do
            cells.push_back(cell());
        while (take(','));
        take('\r');
        if (take('\n'))
            ++lines_;
        else if (more())
            broken_ = true; // text after a closing quote
        return cells;
    }
    bool broken() const { return broken_; }

private:
    bool take(char c) {
        if (!more() || text_[at_] != c)
            return false;
        ++at_;
        return true;
    }

    std::string cell() {
        if (take('"'))
            return quoted();
        const auto end = std::min(text_.find_first_of(",\r\n", at_), text_.size());
        const auto begin = std::exchange(at_, end);
        return std::string(text_.substr(begin, end - begin));
    }

    std::string quoted() {
        std::string out;
        while (more()) {
            const char c = text_[at_++];
            if (c == '"' && !take('"'))
                return out;
            lines_ += c == '\n' ? 1 : 0;
            out += c;
        }
        broken_ = true; // never closed
        return out;
    }

    std::string_view text_;
    std::size_t at_ = 0, lines_ = 0, number_ = 1;
    bool broken_ = false;
};

} // namespace

csv read_csv(std::string_view text) {
    lines in(text);
    csv out;
    if (!in.more())
        return {.mistake = "is empty: its first line names the columns"};
    out.columns = in.next();
    while (in.more() && !in.broken()) {
        auto cells = in.next();
        if (cells.size() == 1 && cells.front().empty())
            continue; // an empty line
        if (cells.size() != out.columns.size())
            return {.mistake = "line " + std::to_string(in.number()) + " has " +
                               std::to_string(cells.size()) + " cells, the first line " +
                               std::to_string(out.columns.size())};
        out.rows.push_back(std::move(cells));
    }
    if (in.broken())
        return {.mistake = "line " + std::to_string(in.number()) + " has a quote out of place"};
    return out;
}

} // namespace tables
