#include "email/adapter/mailbox.hpp"

#include "email/codec/mime.hpp"

#include <boost/asio/post.hpp>

#include <algorithm>
#include <fstream>

namespace posthorn::email {

namespace asio = boost::asio;
namespace fs = std::filesystem;

namespace {

constexpr std::size_t at_once = 100;
constexpr std::size_t longest_mail = 256 << 10; // what matters stands before the letter's own text

std::string beginning_of(const fs::path& file) {
    std::ifstream in(file, std::ios::binary);
    std::string text(longest_mail, '\0');
    in.read(text.data(), static_cast<std::streamsize>(text.size()));
    text.resize(static_cast<std::size_t>(std::max<std::streamsize>(in.gcount(), 0)));
    return text;
}

} // namespace

mailbox::mailbox(sdk::host& host, fs::path folder, std::string from, sdk::duration every)
    : host_(host), folder_(std::move(folder)), from_(std::move(from)), every_(every),
      timer_(host.executor()) {}

mailbox::found mailbox::read(const fs::path& folder, const std::string& from) {
    found out;
    std::error_code ec;
    std::vector<std::string> names;
    for (fs::directory_iterator at(folder / "new", ec), end; !ec && at != end; at.increment(ec))
        if (at->is_regular_file(ec))
            names.push_back(at->path().filename());
    if (ec)
        out.mistake = "cannot read " + (folder / "new").string() + ": " + ec.message() +
                      ": bounces are not seen";
    std::ranges::sort(names);
    names.resize(std::min(names.size(), at_once));
    for (auto& name : names) {
        const auto text = beginning_of(folder / "new" / name);
        auto said = read_bounce(text);
        if (said && !is_message_id_of_ours(said->ref, from))
            said.reset();
        out.mails.push_back({std::move(name), std::move(said), read_opt_out(text, from)});
    }
    return out;
}

void mailbox::look() {
    if (closed_)
        return;
    asio::post(files_,
               [weak = weak_from_this(), loop = host_.executor(), folder = folder_, from = from_] {
                   asio::post(loop, [weak, f = read(folder, from)]() mutable {
                       if (const auto self = weak.lock(); self && !self->closed_)
                           self->take(std::move(f));
                   });
               });
}

void mailbox::take(found f) {
    if (f.mistake != mistake_ && !f.mistake.empty())
        host_.log(sdk::level::error, f.mistake);
    mistake_ = f.mistake;
    std::vector<mail> bounces;
    std::vector<std::string> strange;
    told_and_open_ = 1; // until all are told
    for (auto& m : f.mails) {
        if (m.said) {
            bounces.push_back(std::move(m));
        } else if (m.word) {
            tell(std::move(m));
        } else {
            host_.log(sdk::level::warn,
                      "mail that is no report about a letter of ours file=" + m.name +
                          ": it is in cur/, flagged, for a person to read");
            strange.push_back(m.name);
        }
    }
    if (!bounces.empty())
        tell(std::move(bounces));
    put_away(std::move(strange), "F");
    dealt_with({}, "");
}

void mailbox::tell(std::vector<mail> bounces) {
    std::vector<sdk::receipt> receipts;
    std::vector<std::string> names;
    for (const auto& m : bounces) {
        receipts.push_back({.ref = m.said->ref,
                            .state = m.said->state,
                            .code = m.said->code,
                            .recipient = m.said->recipient,
                            .sender = {},
                            .excerpt = {},
                            .reference = {}});
        names.push_back(m.name);
    }
    ++told_and_open_;
    host_.arrived(std::move(receipts), {}, [weak = weak_from_this(), names = std::move(names)] {
        if (const auto self = weak.lock())
            self->dealt_with(names, "S");
    });
}

void mailbox::tell(mail opt_out) {
    ++told_and_open_;
    host_.opted_out(std::move(*opt_out.word),
                    [weak = weak_from_this(), name = std::move(opt_out.name)](bool heeded) {
                        if (const auto self = weak.lock())
                            self->dealt_with({name}, heeded ? "S" : "F");
                    });
}

// Once all are, it looks again. What is not when it closes is read again by who comes after: told twice,
// it changes nothing.
void mailbox::dealt_with(std::vector<std::string> names, const char* flags) {
    if (closed_)
        return;
    put_away(std::move(names), flags);
    if (--told_and_open_ == 0)
        wait();
}

// The next look comes after it, on the same thread.
void mailbox::put_away(std::vector<std::string> names, const char* flags) {
    if (names.empty())
        return;
    asio::post(files_, [folder = folder_, names = std::move(names), flags = std::string(flags)] {
        std::error_code ignored; // it is found again
        fs::create_directory(folder / "cur", ignored);
        for (const auto& name : names)
            fs::rename(folder / "new" / name,
                       folder / "cur" / (name.substr(0, name.find(":2,")) + ":2," + flags),
                       ignored);
    });
}

void mailbox::wait() {
    timer_.expires_after(every_);
    timer_.async_wait([weak = weak_from_this()](boost::system::error_code ec) {
        if (const auto self = weak.lock(); self && !ec)
            self->look();
    });
}

void mailbox::close() {
    closed_ = true;
    timer_.cancel();
    files_.join();
}

} // namespace posthorn::email
