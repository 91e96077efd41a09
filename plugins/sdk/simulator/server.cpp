#include "sdk/simulator/server.hpp"

#include "sdk/numerals.hpp"
#include "sdk/simulator/phone_text.hpp"

#include <boost/asio/post.hpp>

#include <algorithm>
#include <charconv>
#include <iterator>
#include <stdexcept>

namespace posthorn::simulator {

namespace asio = boost::asio;
using asio::ip::tcp;

namespace {

constexpr milliseconds flush_every{100}, accept_again{100};

std::string_view take_word(std::string_view& line) {
    line.remove_prefix(std::min(line.find_first_not_of(' '), line.size()));
    const auto word = line.substr(0, line.find(' '));
    line.remove_prefix(word.size());
    line.remove_prefix(std::min(line.find_first_not_of(' '), line.size()));
    return word;
}

std::string answer(const std::string& wrong) { return wrong.empty() ? "ok" : "error: " + wrong; }

} // namespace

server::server(asio::io_context& io, std::unique_ptr<carrier> whose)
    : io_(io), carrier_(std::move(whose)), acceptor_(io), log_timer_(io), accept_timer_(io) {
    const auto& o = carrier_->settings();
    listen(o.bind_address, o.port);
    if (!o.control.empty())
        control_.emplace(io_, o.control, [this](std::string_view line) { return command(line); });
    accept();
    if (carrier_->log().on())
        flush_log();
}

void server::listen(const std::string& address, std::uint16_t port) {
    boost::system::error_code error;
    const auto ip = asio::ip::make_address(address, error);
    if (error)
        throw std::runtime_error("\"" + address + "\" is no IP address to listen on");
    const tcp::endpoint where(ip, port);
    acceptor_.open(where.protocol(), error);
    if (!error)
        acceptor_.set_option(tcp::acceptor::reuse_address(true), error);
    if (!error)
        acceptor_.bind(where, error);
    if (!error)
        acceptor_.listen(asio::socket_base::max_listen_connections, error);
    if (error)
        throw std::runtime_error("cannot listen on " + address + ":" + std::to_string(port) + ": " +
                                 error.message());
}

std::uint16_t server::port() const { return acceptor_.local_endpoint().port(); }

void server::accept() {
    acceptor_.async_accept([this](const boost::system::error_code& error, tcp::socket socket) {
        if (stopped_)
            return;
        if (error) { // out of descriptors, most likely: the next one may work
            retry_accept();
            return;
        }
        adopt(make_link(std::move(socket), forget()));
        accept();
    });
}

void server::adopt(const std::shared_ptr<link>& made) {
    links_.insert(made);
    made->start();
}

link::gone_handler server::forget() {
    return [this](const std::shared_ptr<link>& gone) { links_.erase(gone); };
}

void server::retry_accept() {
    accept_timer_.expires_after(accept_again);
    accept_timer_.async_wait([this](const boost::system::error_code& error) {
        if (!error)
            accept();
    });
}

void server::flush_log() {
    log_timer_.expires_after(flush_every);
    log_timer_.async_wait([this](const boost::system::error_code& error) {
        if (error)
            return;
        carrier_->log().flush();
        flush_log();
    });
}

void server::reset_links() {
    const auto links = links_; // each erases itself
    for (const auto& one : links)
        one->reset();
}

void server::stop() {
    if (stopped_)
        return;
    stopped_ = true;
    acceptor_.close();
    accept_timer_.cancel();
    log_timer_.cancel();
    stopping();
    reset_links();
    carrier_->stop();
    if (control_)
        control_->close();
    if (carrier_->log().on())
        carrier_->log().flush();
    if (on_stop_)
        on_stop_();
}

std::string server::command(std::string_view line) {
    const auto word = take_word(line);
    if (word == "stats")
        return stats();
    if (word == "mo")
        return mo(line);
    if (word == "mo-hex")
        return mo_hex(line, false);
    if (word == "mo-udh")
        return mo_hex(line, true);
    if (word == "fault")
        return answer(carrier_->faults().set(line).value_or(""));
    if (word == "clear")
        return answer(carrier_->faults().clear(line) ? ""
                                                     : "there is no fault " + std::string(line));
    if (word == "faults")
        return "ok " + carrier_->faults().list();
    if (word == "close") {
        reset_links();
        return "ok";
    }
    if (word == "quit") {
        asio::post(io_, [this] { stop(); }); // after the answer has been written
        return "ok";
    }
    return "error: commands are stats, mo FROM TO TEXT, mo-hex FROM TO DCS HEX, "
           "mo-udh FROM TO DCS HEX, fault KIND[:RATE], clear [KIND], faults, close, quit";
}

std::string server::mo(std::string_view arguments) {
    const auto from = take_word(arguments), to = take_word(arguments);
    if (to.empty())
        return "error: mo FROM TO TEXT";
    const auto text = write_on_phone(arguments, carrier_->speaks().alphabet, ++next_reference_);
    if (!text)
        return "error: the text is not UTF-8, or too long";
    for (const auto& part : text->parts) {
        auto wrong = carrier_->from_phone(from, to, text->header, text->data_coding, part);
        if (!wrong.empty())
            return answer(wrong);
    }
    return "ok";
}

std::string server::mo_hex(std::string_view arguments, bool header) {
    const auto from = take_word(arguments), to = take_word(arguments);
    const auto coding = take_word(arguments);
    unsigned data_coding = 256;
    std::from_chars(coding.data(), coding.data() + coding.size(), data_coding);
    const auto octets = sdk::octets_of_hex(arguments);
    if (data_coding > 255 || !octets)
        return "error: mo-hex FROM TO DCS HEX, with a decimal DCS, e.g. mo-hex 4917000 1069 8 9000";
    return answer(
        carrier_->from_phone(from, to, header, static_cast<std::uint8_t>(data_coding), *octets));
}

} // namespace posthorn::simulator
