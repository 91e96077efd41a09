#include "settings/reader.hpp"

#include "encoding/utf8.hpp"
#include "settings/state.hpp"

#include <yaml-cpp/eventhandler.h>

#include <algorithm>
#include <fstream>
#include <iterator>
#include <map>
#include <sstream>
#include <utility>

namespace posthorn::settings {

namespace {

constexpr std::size_t largest_file = 4u << 20;
constexpr unsigned deepest = 64;
constexpr std::size_t most_maps = 10'000; // with those that aliases repeat

std::vector<std::string> lines_of(std::string_view source) {
    std::vector<std::string> lines;
    while (!source.empty()) {
        const auto end = source.find('\n');
        auto line = source.substr(0, end);
        if (line.ends_with('\r'))
            line.remove_suffix(1);
        lines.emplace_back(line);
        if (end == std::string_view::npos)
            break;
        source.remove_prefix(end + 1);
    }
    return lines;
}

std::string what_of(const YAML::Exception& e, const std::vector<std::string>& lines) {
    const auto line = static_cast<std::size_t>(std::max(e.mark.line, 0));
    const auto has_tab = [&](std::size_t n) {
        return n < lines.size() &&
               lines[n].substr(0, lines[n].find_first_not_of(" \t")).find('\t') !=
                   std::string::npos;
    };
    if (has_tab(line))
        return "is not YAML: the line begins with a tab; indent with spaces";
    return "is not YAML: " + e.msg;
}

// UTF-16 is YAML too, and says so with its first two octets.
bool is_utf16(std::string_view source) {
    return source.starts_with("\xFF\xFE") || source.starts_with("\xFE\xFF");
}

// Where the first octet is that is no UTF-8; nothing when all are.
std::optional<position> foreign_octet(std::string_view source) {
    const auto bad = encoding::check_utf8(source);
    if (!bad)
        return std::nullopt;
    const auto before = source.substr(0, bad->offset);
    const auto line = before.substr(before.rfind('\n') + 1);
    return position{static_cast<int>(std::ranges::count(before, '\n')) + 1,
                    static_cast<int>(encoding::count_chars(line)) + 1};
}

// Notes where documents begin, and nothing else.
class document_marks : public YAML::EventHandler {
public:
    std::vector<YAML::Mark> marks;

    void OnDocumentStart(const YAML::Mark& mark) override { marks.push_back(mark); }
    void OnDocumentEnd() override {}
    void OnNull(const YAML::Mark&, YAML::anchor_t) override {}
    void OnAlias(const YAML::Mark&, YAML::anchor_t) override {}
    void OnScalar(const YAML::Mark&, const std::string&, YAML::anchor_t,
                  const std::string&) override {}
    void OnSequenceStart(const YAML::Mark&, const std::string&, YAML::anchor_t,
                         YAML::EmitterStyle::value) override {}
    void OnSequenceEnd() override {}
    void OnMapStart(const YAML::Mark&, const std::string&, YAML::anchor_t,
                    YAML::EmitterStyle::value) override {}
    void OnMapEnd() override {}
};

// Why there is not one document, and where. yaml-cpp takes a stray ',' for the beginning of a
// document and never gets past it: LoadAll would not end.
std::optional<std::pair<YAML::Mark, std::string>> not_one_document(const std::string& source) {
    std::istringstream in(source);
    YAML::Parser parser(in);
    document_marks documents;
    const auto& marks = documents.marks;
    while (marks.size() < 3 && parser.HandleNextDocument(documents)) {
    }
    for (std::size_t i = 1; i < marks.size(); ++i)
        if (marks[i].pos == marks[i - 1].pos)
            return std::pair(marks[i], "is not YAML: what begins here belongs to nothing (a ',' "
                                       "too many?)");
    if (marks.size() > 1)
        return std::pair(marks[1], "a second document begins; a file holds one (remove the '---' "
                                   "line)");
    return std::nullopt;
}

void parse_into(document_state& state, const std::string& source) {
    state.lines = lines_of(source);
    const auto complain = [&](position at, std::string what) {
        state.problems.push_back({state.file, at.line, at.column, {}, std::move(what)});
    };
    if (const auto at = foreign_octet(source); at && !is_utf16(source))
        return complain(*at, "is not UTF-8 (GBK?): save the file as UTF-8");
    try {
        if (auto mistake = not_one_document(source))
            return complain(state.position_of(mistake->first), std::move(mistake->second));
        auto root = YAML::Load(source);
        if (root.IsNull())
            complain({1, 1}, "the file is empty");
        else if (!root.IsMap())
            complain(state.position_of(root.Mark()), "must be a map of 'key: value' lines");
        else {
            state.root = root;
            state.readable = true;
        }
    } catch (const YAML::Exception& e) {
        complain(state.position_of(e.mark), what_of(e, state.lines));
    }
}

void index_keys(reader_state& reader, const YAML::Node& node) {
    for (const auto& pair : node) {
        const auto at = reader.document->position_of(pair.first.Mark());
        if (!pair.first.IsScalar()) {
            reader.fail(at, reader.path, "a key must be a single word");
            continue;
        }
        const auto& key = pair.first.Scalar();
        if (const auto* first = reader.find(key)) {
            reader.fail(at, reader.path_of(key),
                        "is given twice (first in line " + std::to_string(first->at.line) + ")");
            continue;
        }
        // The mark of an absent value is that of the next token, so its key stands for it.
        const auto value_at =
            pair.second.IsNull() ? at : reader.document->position_of(pair.second.Mark());
        reader.entries.push_back({key, at, pair.second, value_at});
    }
}

// One spelling for a value: "[a,b]" and a list over two lines are the same.
std::string spelt(const YAML::Node& node) {
    std::string out;
    switch (node.Type()) {
    case YAML::NodeType::Scalar:
        return node.Scalar();
    case YAML::NodeType::Sequence:
        for (const auto& item : node)
            out += (out.empty() ? "" : ", ") + spelt(item);
        return "[" + out + "]";
    case YAML::NodeType::Map:
        for (const auto& pair : node)
            out += (out.empty() ? "" : ", ") + spelt(pair.first) + ": " + spelt(pair.second);
        return "{" + out + "}";
    default:
        return {};
    }
}

} // namespace

position document_state::position_of(const YAML::Mark& mark) const {
    if (mark.is_null() || mark.line < 0)
        return {};
    const auto line = static_cast<std::size_t>(mark.line);
    if (line >= lines.size())
        return {mark.line + 1, 1};
    const auto octets = std::min(lines[line].size(), static_cast<std::size_t>(mark.column));
    const auto characters = std::count_if(lines[line].begin(),
                                          lines[line].begin() + static_cast<std::ptrdiff_t>(octets),
                                          [](char c) { return (c & 0xC0) != 0x80; });
    return {mark.line + 1, static_cast<int>(characters) + 1};
}

entry* reader_state::find(std::string_view key) {
    const auto found =
        std::find_if(entries.begin(), entries.end(), [&](const entry& e) { return e.key == key; });
    return found == entries.end() ? nullptr : &*found;
}

std::string reader_state::path_of(std::string_view key) const {
    return path.empty() ? std::string(key) : path + "." + std::string(key);
}

void reader_state::fail(position place, std::string key_path, std::string what) {
    document->problems.push_back(
        {document->file, place.line, place.column, std::move(key_path), std::move(what)});
}

void reader_state::report_unknown_keys() {
    if (std::exchange(reported, true))
        return;
    std::vector<std::string_view> known;
    for (const auto& e : entries)
        if (e.asked)
            known.push_back(e.key);
    known.insert(known.end(), wanted.begin(), wanted.end());
    for (const auto& e : entries)
        if (!e.asked)
            fail(e.at, path, "unknown key '" + e.key + "'" + did_you_mean(e.key, known));
}

reader_state* void_reader_of(document_state& document, std::string path) {
    auto& made = document.readers.emplace_back(std::make_unique<reader_state>());
    made->document = &document;
    made->path = std::move(path);
    made->is_void = true;
    return made.get();
}

reader_state* reader_of(document_state& document, const YAML::Node& node, std::string path,
                        position at, unsigned depth) {
    if (const auto made = document.by_path.find(path); made != document.by_path.end())
        return made->second;
    auto* made = void_reader_of(document, std::move(path));
    made->at = at;
    made->depth = depth;
    if (!node.IsMap()) {
        made->fail(at, made->path, "must be a map of 'key: value' lines, is " + kind_shown(node));
        return made;
    }
    if (depth > deepest) {
        made->fail(at, made->path, "is nested too deeply (an alias that stands inside of itself?)");
        return made;
    }
    if (document.by_path.size() == most_maps) {
        if (!std::exchange(document.too_many, true))
            made->fail(at, made->path,
                       "is one map too many: a file has at most 10,000, with those that aliases "
                       "repeat");
        return made;
    }
    made->is_void = false;
    document.by_path.emplace(made->path, made);
    index_keys(*made, node);
    return made;
}

std::string kind_shown(const YAML::Node& node) {
    switch (node.Type()) {
    case YAML::NodeType::Sequence:
        return "a list";
    case YAML::NodeType::Map:
        return "a map";
    case YAML::NodeType::Scalar:
        return "'" + node.Scalar() + "'";
    default:
        return "empty";
    }
}

document::document(std::shared_ptr<document_state> state) : state_(std::move(state)) {}

document document::parse(std::string text, std::string file) {
    auto state = std::make_shared<document_state>();
    state->file = std::move(file);
    parse_into(*state, text);
    return document(std::move(state));
}

document document::load(const std::filesystem::path& file) {
    auto state = std::make_shared<document_state>();
    state->file = file.string();
    const auto refuse_file = [&](std::string what) {
        state->problems.push_back({state->file, 0, 0, {}, std::move(what)});
        return document(state);
    };
    std::error_code error;
    if (std::filesystem::is_directory(file, error))
        return refuse_file("is a directory, not a file");
    std::ifstream in(file, std::ios::binary);
    if (!in)
        return refuse_file("cannot be read: it is missing, or this user may not read it");
    std::string text;
    text.assign(std::istreambuf_iterator<char>(in), {});
    if (in.bad())
        return refuse_file("cannot be read to its end");
    if (text.size() > largest_file)
        return refuse_file("is larger than 4 MiB; this cannot be a settings file");
    parse_into(*state, text);
    return document(std::move(state));
}

reader document::root() {
    auto* made = state_->readable ? reader_of(*state_, state_->root, {}, {1, 1}, 0)
                                  : void_reader_of(*state_, {});
    return reader(std::shared_ptr<reader_state>(state_, made));
}

std::vector<std::string> document::asked() const {
    std::vector<std::string> all;
    for (const auto& made : state_->readers) {
        for (const auto& e : made->entries)
            if (e.asked)
                all.push_back(made->path_of(e.key));
        for (const auto& key : made->wanted)
            all.push_back(made->path_of(key));
    }
    return all;
}

std::map<std::string, std::string> document::values() const {
    std::map<std::string, std::string> all;
    if (state_->readable)
        for (const auto& pair : state_->root)
            all[spelt(pair.first)] = spelt(pair.second);
    return all;
}

problem_list document::finish() {
    for (const auto& made : state_->readers)
        made->report_unknown_keys();
    std::multimap<std::pair<int, int>, problem> in_order; // at one place as they were found
    for (auto& p : std::exchange(state_->problems, {}))
        in_order.emplace(std::pair(p.line, p.column), std::move(p));
    problem_list problems;
    for (auto& [place, p] : in_order)
        problems.push_back(std::move(p));
    return problems;
}

} // namespace posthorn::settings
