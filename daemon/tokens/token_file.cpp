#include "tokens/token_file.hpp"

#include <algorithm>
#include <array>
#include <cerrno>
#include <charconv>
#include <fstream>
#include <sstream>
#include <stdexcept>
#include <system_error>

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

namespace posthorn::tokens {

namespace {

constexpr std::string_view of_metrics = "-", of_agent = "@"; // no names of sources
constexpr std::string_view heading = "# id\tsource (- for metrics, @ for an agent)\tcreated "
                                     "(microseconds)\tsalt\thash\tname: see `posthorn token`\n";
constexpr mode_t mode = 0640;

std::string line_of(const token& t) {
    const auto whose = t.agent            ? std::string(of_agent)
                       : t.source.empty() ? std::string(of_metrics)
                                          : t.source;
    return t.id + '\t' + whose + '\t' + std::to_string(to_micros(t.created_at)) + '\t' + t.salt +
           '\t' + t.hash + '\t' + t.name + '\n';
}

std::optional<token> read_line(const std::string& line) {
    std::array<std::string, 6> columns;
    std::istringstream in(line);
    for (auto& column : columns)
        std::getline(in, column, '\t');
    std::int64_t created = 0;
    const auto& at = columns[2];
    const auto read = std::from_chars(at.data(), at.data() + at.size(), created);
    if (columns[0].size() != 8 || columns[1].empty() || columns[3].size() != 32 ||
        columns[4].size() != 64 || read.ec != std::errc())
        return std::nullopt;
    const bool agent = columns[1] == of_agent;
    return token{.id = columns[0],
                 .source = agent || columns[1] == of_metrics ? "" : columns[1],
                 .name = columns[5],
                 .created_at = from_micros(created),
                 .salt = columns[3],
                 .hash = columns[4],
                 .agent = agent};
}

[[noreturn]] void cannot(const char* what, const std::filesystem::path& file) {
    throw std::runtime_error(file.string() + ": cannot be " + what + ": " +
                             std::system_category().message(errno) +
                             ": run this as the user of posthornd, or as root");
}

// Held by whoever changes the file; beside it, since the file itself is replaced.
class change_lock {
public:
    explicit change_lock(const std::filesystem::path& file)
        : fd_(::open((file.string() + ".lock").c_str(), O_RDWR | O_CREAT | O_CLOEXEC, mode)) {
        if (fd_ < 0 || ::flock(fd_, LOCK_EX) != 0)
            cannot("locked", file);
    }
    ~change_lock() { ::close(fd_); }
    change_lock(const change_lock&) = delete;
    change_lock& operator=(const change_lock&) = delete;

private:
    int fd_;
};

// Durable before anybody sees it.
void put_in_place(const std::filesystem::path& file, const std::string& content) {
    const auto fresh = file.string() + ".new";
    const int fd = ::open(fresh.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, mode);
    if (fd < 0)
        cannot("written", fresh);
    struct stat before {};
    if (::stat(file.c_str(), &before) == 0 || ::stat(file.parent_path().c_str(), &before) == 0)
        (void)!::fchown(fd, before.st_uid, before.st_gid); // works for root, who needs it
    const bool written =
        ::fchmod(fd, mode) == 0 &&
        ::write(fd, content.data(), content.size()) == static_cast<ssize_t>(content.size()) &&
        ::fsync(fd) == 0;
    ::close(fd);
    if (!written || ::rename(fresh.c_str(), file.c_str()) != 0)
        cannot("written", fresh);
}

std::vector<token> read_or_throw(const std::filesystem::path& file) {
    auto all = read_tokens(file);
    if (!all)
        throw std::runtime_error(all.error().reason);
    return std::move(*all);
}

void write_all(const std::filesystem::path& file, const std::vector<token>& all) {
    std::string content(heading);
    for (const auto& t : all)
        content += line_of(t);
    put_in_place(file, content);
}

} // namespace

result<std::vector<token>> read_tokens(const std::filesystem::path& file) {
    std::vector<token> all;
    std::error_code ec;
    if (!std::filesystem::exists(file, ec) && !ec)
        return all;
    std::ifstream in(file);
    if (!in)
        return refuse(file.string() + ": cannot be read: this user may not");
    std::string line;
    for (int number = 1; std::getline(in, line); ++number) {
        if (line.empty() || line.starts_with('#'))
            continue;
        auto t = read_line(line);
        if (!t)
            return refuse(file.string() + ":" + std::to_string(number) +
                          ": is no token: remove the line, and make the token again");
        all.push_back(std::move(*t));
    }
    return all;
}

void add_token(const std::filesystem::path& file, const token& t) {
    const change_lock alone(file);
    auto all = read_or_throw(file);
    all.push_back(t);
    write_all(file, all);
}

bool revoke_token(const std::filesystem::path& file, std::string_view id) {
    if (!std::filesystem::exists(file))
        return false;
    const change_lock alone(file);
    auto all = read_or_throw(file);
    if (std::erase_if(all, [&](const token& t) { return t.id == id; }) == 0)
        return false;
    write_all(file, all);
    return true;
}

token_ring::stamp token_ring::look() const {
    struct stat s {};
    if (::stat(file_.c_str(), &s) != 0)
        return {};
    return {s.st_ino, s.st_size, s.st_mtim.tv_sec, s.st_mtim.tv_nsec};
}

std::optional<std::string> token_ring::refresh() {
    const auto now = look();
    if (now == read_)
        return std::nullopt;
    read_ = now; // also of a broken one: it is told once
    auto all = read_tokens(file_);
    if (!all)
        return all.error().reason;
    tokens_ = std::move(*all);
    return std::nullopt;
}

const token* token_ring::holder(std::string_view text) const {
    const auto id = id_in(text);
    if (!id)
        return nullptr;
    const auto found = std::ranges::find(tokens_, *id, &token::id);
    return found != tokens_.end() && opens(*found, text) ? &*found : nullptr;
}

} // namespace posthorn::tokens
