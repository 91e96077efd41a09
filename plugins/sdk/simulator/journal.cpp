#include "sdk/simulator/journal.hpp"

#include <cerrno>
#include <system_error>

#include <fcntl.h>
#include <unistd.h>

namespace posthorn::simulator {

journal::journal(const std::string& path, bool minimal, bool binary_ids)
    : minimal_(minimal), binary_ids_(binary_ids) {
    if (path.empty())
        return;
    file_ = ::open(path.c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0644);
    if (file_ < 0)
        throw std::system_error(errno, std::generic_category(), "cannot open the log " + path);
    buffer_.reserve(80 * 1024);
}

journal::~journal() {
    if (file_ >= 0)
        ::close(file_); // flushed by the owner, who can tell of an error
}

void journal::submit(const submit_line& line) {
    if (!on())
        return;
    const auto& text = *line.text;
    json_line json(buffer_);
    json.number("t", line.at_us).text("ev", "submit").text("system_id", line.system_id);
    json.number("seq", line.sequence).text("dest", text.destination);
    if (minimal_) {
        json.number("h", line.hash);
    } else {
        json.text("source", text.source).number("esm_class", text.esm_class);
        json.number("data_coding", text.data_coding);
        json.number("registered", text.registered);
        json.hex("sm", text.short_message).hex("tlvs", text.tlvs);
    }
    json.number("status", line.status);
    id(json, line.id);
    json.flag("repeat", line.repeat).end();
    end_line();
}

void journal::delivered(std::int64_t at_us, std::string_view event, const delivery& item,
                        std::uint32_t sequence, std::uint32_t status) {
    if (!on())
        return;
    json_line json(buffer_);
    json.number("t", at_us).text("ev", event).text("kind", item.is_receipt ? "receipt" : "mo");
    json.number("n", item.number);
    id(json, item.id());
    json.number("seq", sequence).number("status", status).end();
    end_line();
}

void journal::id(json_line& json, std::string_view octets) const {
    if (binary_ids_)
        json.hex("id", octets);
    else
        json.text("id", octets);
}

void journal::end_line() {
    buffer_.push_back('\n');
    if (buffer_.size() >= 64 * 1024)
        flush();
}

void journal::flush() {
    std::string_view rest = buffer_;
    while (!rest.empty()) {
        const auto written = ::write(file_, rest.data(), rest.size());
        if (written < 0 && errno == EINTR)
            continue;
        if (written < 0)
            throw std::system_error(errno, std::generic_category(), "cannot write the log");
        rest.remove_prefix(static_cast<std::size_t>(written));
    }
    buffer_.clear();
}

} // namespace posthorn::simulator
