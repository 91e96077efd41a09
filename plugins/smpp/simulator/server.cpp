#include "smpp/simulator/server.hpp"

#include "smpp/simulator/phone_text.hpp"

#include <boost/asio/post.hpp>

#include <algorithm>
#include <charconv>
#include <iterator>
#include <stdexcept>

namespace posthorn::smpp::simulator {

namespace asio = boost::asio;
using asio::ip::tcp;

namespace {

constexpr milliseconds flush_every{100}, accept_again{100};
constexpr std::uint8_t with_udh = 0x40; // esm_class

std::string_view take_word(std::string_view& line) {
    line.remove_prefix(std::min(line.find_first_not_of(' '), line.size()));
    const auto word = line.substr(0, line.find(' '));
    line.remove_prefix(word.size());
    line.remove_prefix(std::min(line.find_first_not_of(' '), line.size()));
    return word;
}

std::optional<std::string> octets_of_hex(std::string_view text) {
    std::string octets;
    std::string digits;
    std::copy_if(text.begin(), text.end(), std::back_inserter(digits),
                 [](char c) { return c != ' '; });
    if (digits.size() % 2 != 0)
        return std::nullopt;
    for (std::size_t i = 0; i < digits.size(); i += 2) {
        unsigned octet = 0;
        const auto* end = digits.data() + i + 2;
        const auto parsed = std::from_chars(digits.data() + i, end, octet, 16);
        if (parsed.ec != std::errc{} || parsed.ptr != end)
            return std::nullopt;
        octets.push_back(static_cast<char>(octet));
    }
    return octets;
}

std::string answer(const std::string& wrong) { return wrong.empty() ? "ok" : "error: " + wrong; }

} // namespace

server::server(asio::io_context& io, options chosen)
    : io_(io), carrier_(io, std::move(chosen)), acceptor_(io), log_timer_(io), accept_timer_(io) {
    const auto& o = carrier_.settings();
    if (!o.tls_cert.empty())
        use_certificate(o);
    listen(o.bind_address, o.port);
    if (!o.control.empty())
        control_.emplace(io_, o.control, [this](std::string_view line) { return command(line); });
    accept();
    if (carrier_.log().on())
        flush_log();
}

void server::use_certificate(const options& o) {
    try {
        tls_.emplace(asio::ssl::context::tls_server);
        tls_->use_certificate_chain_file(o.tls_cert);
        tls_->use_private_key_file(o.tls_key.empty() ? o.tls_cert : o.tls_key,
                                   asio::ssl::context::pem);
        if (o.tls_client_ca.empty())
            return;
        tls_->load_verify_file(o.tls_client_ca);
        tls_->set_verify_mode(asio::ssl::verify_peer | asio::ssl::verify_fail_if_no_peer_cert);
    } catch (const std::exception& e) {
        throw std::runtime_error("cannot use --tls-cert, --tls-key or --tls-client-ca: " +
                                 std::string(e.what()));
    }
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
        const auto link = std::make_shared<session>(
            std::move(socket), tls_ ? &*tls_ : nullptr, carrier_,
            [this](const std::shared_ptr<session>& gone) { sessions_.erase(gone); });
        sessions_.insert(link);
        link->start();
        accept();
    });
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
        carrier_.log().flush();
        flush_log();
    });
}

void server::reset_links() {
    const auto links = sessions_; // each erases itself
    for (const auto& link : links)
        link->reset();
}

void server::stop() {
    if (stopped_)
        return;
    stopped_ = true;
    acceptor_.close();
    accept_timer_.cancel();
    log_timer_.cancel();
    reset_links();
    carrier_.stop();
    if (control_)
        control_->close();
    if (carrier_.log().on())
        carrier_.log().flush();
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
        return mo_hex(line, 0);
    if (word == "mo-udh")
        return mo_hex(line, with_udh);
    if (word == "fault")
        return answer(carrier_.faults().set(line).value_or(""));
    if (word == "clear")
        return answer(carrier_.faults().clear(line) ? ""
                                                    : "there is no fault " + std::string(line));
    if (word == "faults")
        return "ok " + carrier_.faults().list();
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
    const auto text = write_on_phone(arguments, ++next_reference_);
    if (!text)
        return "error: the text is not UTF-8, or too long";
    for (const auto& part : text->parts) {
        auto wrong = carrier_.from_phone(from, to, text->esm_class, text->data_coding, part);
        if (!wrong.empty())
            return answer(wrong);
    }
    return "ok";
}

std::string server::mo_hex(std::string_view arguments, std::uint8_t esm_class) {
    const auto from = take_word(arguments), to = take_word(arguments);
    const auto coding = take_word(arguments);
    unsigned data_coding = 256;
    std::from_chars(coding.data(), coding.data() + coding.size(), data_coding);
    const auto octets = octets_of_hex(arguments);
    if (data_coding > 255 || !octets)
        return "error: mo-hex FROM TO DCS HEX, with a decimal DCS, e.g. mo-hex 4917000 1069 8 9000";
    return answer(
        carrier_.from_phone(from, to, esm_class, static_cast<std::uint8_t>(data_coding), *octets));
}

} // namespace posthorn::smpp::simulator
