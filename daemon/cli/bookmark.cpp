#include "cli/bookmark.hpp"

#include "cli/console.hpp"
#include "model/fnv1a.hpp"

#include <boost/json/object.hpp>
#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>
#include <boost/json/value_to.hpp>

#include <cerrno>
#include <cstring>
#include <fstream>
#include <sstream>

namespace posthorn::cli {

namespace {

std::filesystem::path draft_path(const std::filesystem::path& file) {
    return bookmark_path(file).string() + ".new";
}

} // namespace

file_identity identity_of(const std::filesystem::path& file) {
    std::string head(65536, '\0');
    std::ifstream in(file, std::ios::binary);
    in.read(head.data(), static_cast<std::streamsize>(head.size()));
    head.resize(static_cast<std::size_t>(in.gcount()));
    return {std::filesystem::file_size(file),
            std::filesystem::last_write_time(file).time_since_epoch().count(), fnv1a(head)};
}

std::filesystem::path bookmark_path(const std::filesystem::path& file) {
    return file.string() + ".posthorn-import";
}

std::optional<bookmark> load_bookmark(const std::filesystem::path& file) {
    std::ifstream in(bookmark_path(file), std::ios::binary);
    std::ostringstream text;
    text << in.rdbuf();
    if (!in)
        return std::nullopt;
    try {
        const auto parsed = boost::json::parse(text.str());
        const auto number = [&](std::string_view name) {
            return boost::json::value_to<std::uint64_t>(parsed.at(name));
        };
        bookmark mark;
        mark.file = {number("size"), boost::json::value_to<std::int64_t>(parsed.at("modified")),
                     number("head")};
        mark.purpose = boost::json::value_to<std::string>(parsed.at("purpose"));
        mark.offset = number("offset");
        mark.line = number("line");
        mark.rejects = boost::json::value_to<std::string>(parsed.at("rejects"));
        mark.rejects_size = number("rejects_size");
        mark.read = number("read");
        mark.taken = number("taken");
        mark.rejected = number("rejected");
        mark.complete = parsed.at("complete").as_bool();
        return mark;
    } catch (const std::exception&) {
        return std::nullopt; // torn or foreign: the import starts anew, which is harmless
    }
}

void save_bookmark(const std::filesystem::path& file, const bookmark& mark) {
    const boost::json::object content{
        {"size", mark.file.size},    {"modified", mark.file.modified},
        {"head", mark.file.head},    {"purpose", mark.purpose},
        {"offset", mark.offset},     {"line", mark.line},
        {"rejects", mark.rejects},   {"rejects_size", mark.rejects_size},
        {"read", mark.read},         {"taken", mark.taken},
        {"rejected", mark.rejected}, {"complete", mark.complete}};
    const auto draft = draft_path(file);
    std::ofstream out(draft, std::ios::binary | std::ios::trunc);
    out << boost::json::serialize(content) << '\n';
    out.close();
    if (!out)
        throw failure("cannot write " + draft.string() + ": " + std::strerror(errno) +
                      "; an import remembers there how far it came, so the folder of the file must "
                      "be writable");
    std::filesystem::rename(draft, bookmark_path(file));
}

} // namespace posthorn::cli
