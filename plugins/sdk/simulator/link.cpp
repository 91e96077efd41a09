// The octets of a link: reading, writing, closing.
#include "sdk/simulator/link.hpp"

#include <boost/asio/buffer.hpp>
#include <boost/asio/post.hpp>

#include <algorithm>

namespace posthorn::simulator {

namespace asio = boost::asio;

namespace {

constexpr std::size_t read_size = 256 * 1024, slow_read_size = 1024;
constexpr std::size_t most_unwritten = 8 * 1024 * 1024; // then we stop reading
constexpr milliseconds slow_read_pause{100};

} // namespace

link::link(asio::ip::tcp::socket socket, asio::ssl::context* tls, carrier& shared,
           const sdk::framer::shape& packets, gone_handler gone)
    : socket_(std::move(socket)), tls_(tls ? std::make_unique<tls_stream>(socket_, *tls) : nullptr),
      carrier_(shared), gone_(std::move(gone)), framer_(packets, read_size),
      held_timer_(socket_.get_executor()), pause_timer_(socket_.get_executor()),
      idle_timer_(socket_.get_executor()) {}

void link::start() {
    error_code ignored; // an option that cannot be set only makes the link slower
    socket_.set_option(asio::ip::tcp::no_delay(true), ignored);
    socket_.non_blocking(true, ignored);
    ++carrier_.counts().links;
    if (!tls_)
        return begin();
    tls_->async_handshake(tls_stream::server, [self = shared_from_this()](error_code error) {
        if (error || self->closed_)
            self->close(false);
        else
            self->begin();
    });
}

void link::begin() {
    keep_alive();
    greet();
    flush();
    read_more();
}

void link::read_some(std::size_t most) {
    const auto room = framer_.prepare();
    const auto target = asio::buffer(room.data(), std::min(room.size(), most));
    auto done = [self = shared_from_this()](error_code error, std::size_t octets) {
        self->on_read(error, octets);
    };
    if (tls_)
        tls_->async_read_some(target, std::move(done));
    else
        socket_.async_read_some(target, std::move(done));
}

void link::read_more() {
    if (closed_ || closing_ || reading_ || out_.size() > most_unwritten)
        return;
    reading_ = true;
    if (carrier_.faults().strikes(fault::slow_read))
        read_after_pause();
    else
        read_some(read_size);
}

void link::read_after_pause() {
    pause_timer_.expires_after(slow_read_pause);
    pause_timer_.async_wait([self = shared_from_this()](error_code error) {
        if (!error && !self->closed_)
            self->read_some(slow_read_size);
    });
}

void link::on_read(error_code error, std::size_t octets) {
    reading_ = false;
    if (closed_)
        return;
    if (error) {
        close(false);
        return;
    }
    carrier_.counts().bytes_in += octets;
    carrier_.tick();
    framer_.commit(octets);
    take_packets();
    if (closed_)
        return;
    // A receipt that is due at once goes out behind the response, in the same write.
    if (account_)
        carrier_.pump(*account_);
    flush();
    read_more();
}

void link::take_packets() {
    std::string_view octets;
    while (!closing()) {
        const auto came = framer_.next(octets);
        if (came == sdk::framer::more)
            return;
        if (came == sdk::framer::broken) {
            count_broken();
            if (!mute_)
                on_broken_stream(framer_.worth_a_nack());
            return close_when_written(false);
        }
        ++carrier_.counts().pdus_in;
        if (!mute_)
            on_packet(octets);
    }
}

void link::flush() {
    if (closed_ || writing_)
        return;
    if (out_.empty()) {
        if (closing_ && held_.empty())
            close(closing_by_reset_);
        return;
    }
    std::swap(out_, wire_);
    out_.clear();
    // From here on the peer may have the responses, so they no longer fill its window.
    unanswered_ -= out_responses_;
    out_responses_ = 0;
    written_ = 0;
    writing_ = true;
    splitting_ = carrier_.faults().strikes(fault::split_writes);
    write_next();
}

void link::write_next() {
    const auto rest = wire_.size() - written_;
    const auto next = asio::buffer(wire_.data() + written_, splitting_ ? 1 : rest);
    auto done = [self = shared_from_this()](error_code error, std::size_t octets) {
        self->on_written(error, octets);
    };
    if (tls_)
        tls_->async_write_some(next, std::move(done));
    else
        socket_.async_write_some(next, std::move(done));
}

void link::on_written(error_code error, std::size_t octets) {
    if (closed_)
        return;
    if (error) {
        close(false);
        return;
    }
    carrier_.counts().bytes_out += octets;
    written_ += octets;
    if (written_ < wire_.size()) {
        write_next();
        return;
    }
    writing_ = false;
    flush();
    read_more(); // had it stopped because too much was unwritten
}

void link::keep_alive() {
    const auto every = carrier_.settings().link_test;
    if (every.count() == 0)
        return;
    idle_timer_.expires_after(every);
    idle_timer_.async_wait([self = shared_from_this()](error_code error) {
        if (error || self->closed_)
            return;
        if (!self->mute_) {
            self->write_test();
            self->flush();
        }
        self->keep_alive();
    });
}

void link::close_when_written(bool by_reset) {
    closing_ = true;
    closing_by_reset_ = by_reset;
}

void link::reset() { close(true); }

void link::close(bool by_reset) {
    if (closed_)
        return;
    closed_ = true;
    carrier_.tick();
    --carrier_.counts().links;
    error_code ignored; // the link is going anyway
    if (by_reset)
        socket_.set_option(asio::socket_base::linger(true, 0), ignored);
    socket_.close(ignored);
    held_timer_.cancel();
    pause_timer_.cancel();
    idle_timer_.cancel();
    if (account_ && receives_)
        give_back();
    gone_(shared_from_this());
}

void link::give_back() {
    account_->box.leave(*this);
    std::vector<delivery> undelivered;
    auto sequence = first_sequence_;
    for (auto& item : delivered_) {
        if (item) {
            carrier_.lost(*item, sequence);
            undelivered.push_back(std::move(*item));
        }
        ++sequence;
    }
    account_->box.put_back(std::move(undelivered));
    // Another link may take them; not from here, where a pump may be what closed us.
    asio::post(socket_.get_executor(), [&shared = carrier_, who = account_] {
        shared.tick();
        shared.pump(*who);
    });
}

} // namespace posthorn::simulator
