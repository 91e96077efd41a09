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
        auto said = read_bounce(beginning_of(folder / "new" / name));
        if (said && !is_message_id_of_ours(said->ref, from))
            said.reset();
        out.mails.push_back({std::move(name), std::move(said)});
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
    std::vector<sdk::receipt> receipts;
    std::vector<std::string> understood, strange;
    for (auto& m : f.mails) {
        if (!m.said) {
            host_.log(sdk::level::warn,
                      "mail that is no report about a letter of ours file=" + m.name +
                          ": it is in cur/, flagged, for a person to read");
            strange.push_back(m.name);
            continue;
        }
        auto& b = *m.said;
        receipts.push_back({.ref = b.ref,
                            .state = b.state,
                            .code = b.code,
                            .recipient = b.recipient,
                            .sender = {},
                            .excerpt = {},
                            .reference = {}});
        understood.push_back(m.name);
    }
    put_away(std::move(strange), "F");
    if (receipts.empty())
        return wait();
    auto stored = [weak = weak_from_this(), understood = std::move(understood)] {
        const auto self = weak.lock();
        if (!self || self->closed_)
            return; // read again by who comes after: told twice, it changes nothing
        self->put_away(understood, "S");
        self->wait();
    };
    host_.arrived(std::move(receipts), {}, std::move(stored));
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
