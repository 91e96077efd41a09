// The kit of link.hpp with a protocol of its own: what adapters with sessions have from it whatever
// they speak, and what only few use: carriers that dial us, sequence numbers of 96 bits, no test.
//
//     length u32 | kind | before u64 | number u32
//
// L login, S submit, D a text, G good-bye; a small letter is the answer.
#include "plugins/fake_host.hpp"
#include "sdk/link/links.hpp"

#include <boost/asio/connect.hpp>
#include <boost/asio/read.hpp>
#include <boost/asio/write.hpp>

namespace link_listener_test {

using namespace posthorn;
using namespace posthorn::sdk;
using posthorn::tests::fake_host;
using namespace std::chrono_literals;
using boost::asio::ip::tcp;

namespace {

constexpr std::size_t packet_size = 17;

void append(std::string& out, char kind, sequence_number s) {
    out += std::string("\0\0\0\x11", 4) + kind;
    for (int shift = 56; shift >= 0; shift -= 8)
        out += static_cast<char>(s.before >> shift);
    for (int shift = 24; shift >= 0; shift -= 8)
        out += static_cast<char>(s.number >> shift);
}

std::uint64_t number_at(std::string_view octets, std::size_t at, std::size_t width) {
    std::uint64_t n = 0;
    for (const char c : octets.substr(at, width))
        n = n << 8 | static_cast<unsigned char>(c);
    return n;
}

sequence_number sequence_of(std::string_view packet) {
    return {static_cast<std::uint32_t>(number_at(packet, 13, 4)), number_at(packet, 5, 8)};
}

const protocol_words words{
    .name = "TOY",
    .goodbye = "G",
    .check = "nothing",
    .frame = {.protocol = "TOY", .length_field = "length", .least = packet_size, .most = 64}};

class toy final : public session {
public:
    using session::session;

private:
    void append_login(std::string& out, sequence_number s) override { append(out, 'L', s); }
    std::string append_submit(std::string& out, sequence_number s, const unit&, instant) override {
        append(out, 'S', s);
        return {};
    }
    void append_test(std::string&, sequence_number) override { FAIL("there is none"); }
    void append_goodbye(std::string& out, sequence_number s) override { append(out, 'G', s); }
    void append_goodbye_answer(std::string& out, sequence_number s) override {
        append(out, 'g', s);
    }
    sequence_number after(sequence_number last) const override {
        return {last.number + 1, 0x1122334455667788};
    }

    void take(std::string_view packet) override {
        const auto s = sequence_of(packet);
        switch (packet[4]) {
        case 'L': // the carrier has dialled us
            append(reply(), 'l', s);
            return logged_in("called");
        case 'l':
            return logged_in("");
        case 's':
            if (const auto unit = take_unit(s))
                give(*unit, answer_judge(host_).accepted(unit->unit.handle,
                                                         std::to_string(unit->unit.sequence.number),
                                                         now()));
            return;
        case 'D': {
            inbound text;
            text.octets = "hi";
            return append(arrivals_.add(std::move(text)), 'd', s);
        }
        case 'G':
            return take_goodbye(s);
        default:
            goodbye_answered(s);
        }
    }
};

// A peer that writes and reads whole packets, on a thread of nobody's: the io_context runs between.
struct caller {
    caller(fake_host& h, std::uint16_t port) : host(h), socket(h.io) {
        socket.connect({boost::asio::ip::address_v4::loopback(), port});
    }
    caller(fake_host& h, tcp::socket s) : host(h), socket(std::move(s)) {}

    void send(char kind, sequence_number s) {
        std::string out;
        append(out, kind, s);
        boost::asio::write(socket, boost::asio::buffer(out));
    }
    // Kind and sequence of the next packet; kind 0 at the end.
    std::pair<char, sequence_number> read() {
        std::string octets(packet_size, '\0');
        bool done = false, failed = false;
        boost::asio::async_read(socket, boost::asio::buffer(octets),
                                [&](const boost::system::error_code& error, std::size_t) {
                                    done = true;
                                    failed = static_cast<bool>(error);
                                });
        host.until([&] { return done; });
        if (failed)
            return {'\0', {}};
        return {octets[4], sequence_of(octets)};
    }

    fake_host& host;
    tcp::socket socket;
};

std::uint16_t free_port(fake_host& host) {
    return tcp::acceptor(host.io, {boost::asio::ip::address_v4::loopback(), 0})
        .local_endpoint()
        .port();
}

struct toy_fixture {
    toy_fixture() : gateway(host.io, {boost::asio::ip::address_v4::loopback(), 0}) {
        settings = {.host = "127.0.0.1",
                    .port = gateway.local_endpoint().port(),
                    .window = 4,
                    .links = 1,
                    .response_timeout = 10s,
                    .login_timeout = 10s,
                    .connect_timeout = 10s,
                    .inactivity = 10s};
    }
    toy_fixture(const toy_fixture&) = delete;
    toy_fixture& operator=(const toy_fixture&) = delete;
    ~toy_fixture() {
        gateway.close();
        for (auto* c : {&mt, &mo, &other})
            c->reset();
        if (running) {
            running->stop();
            host.until([&] { return ended; });
        }
    }

    void start(bool listens) {
        running = std::make_unique<links>(account);
        const session_maker make = [this](session::beginning how) -> std::shared_ptr<session> {
            if (turned_away)
                return nullptr;
            return std::make_shared<toy>(account, std::move(how));
        };
        running->add_all(make);
        if (listens)
            running->listen({"127.0.0.1", port, "listen_address"}, make);
        boost::asio::co_spawn(host.io, running->run(),
                              [this](const std::exception_ptr&) { ended = true; });
        bool came = false;
        gateway.async_accept([&](const boost::system::error_code&, tcp::socket s) {
            mt.emplace(host, std::move(s));
            came = true;
        });
        host.until([&] { return came; });
        const auto [kind, sequence] = mt->read();
        CHECK(kind == 'L');
        mt->send('l', sequence);
        host.until([&] { return host.open_slots == 4; });
    }

    fake_host host;
    tcp::acceptor gateway;
    std::uint16_t port = free_port(host);
    link_settings settings;
    link_account account{host, settings, words, "user=me"};
    std::unique_ptr<links> running;
    std::optional<caller> mt, mo, other;
    bool turned_away = false, ended = false;
};

} // namespace

TEST_CASE_FIXTURE(toy_fixture, "link: a sequence of 96 bits is given back, and a like one is not") {
    start(false);
    unit u{.handle = 1, .validity = 1h};
    running->submit({&u, 1});
    const auto [kind, sequence] = mt->read();
    CHECK(kind == 'S');
    CHECK(sequence.before == 0x1122334455667788);
    mt->send('s', {sequence.number, 1}); // of somebody else
    mt->send('s', sequence);
    host.until([&] { return !host.given.empty(); });
    CHECK(host.given[1].ref == std::to_string(sequence.number));
    CHECK(host.logged("unasked answer"));
}

TEST_CASE_FIXTURE(toy_fixture,
                  "link: a carrier that ends an idle link is no trouble where that is usual") {
    start(false);
    mt->send('G', {7, 7});
    CHECK(mt->read() == std::pair<char, sequence_number>{'g', {7, 7}});
    mt->socket.close();
    host.until([&] { return host.why.find("next try") != std::string::npos; });
    for (const auto& line : host.logs)
        CHECK_MESSAGE(line.level < level::warn, line.text);
}

TEST_CASE_FIXTURE(toy_fixture,
                  "listener: the carrier dials us twice, and each call has its acknowledgements") {
    start(true);
    mo.emplace(host, port);
    other.emplace(host, port);
    for (auto* c : {&*mo, &*other}) {
        c->send('L', {1});
        CHECK(c->read().first == 'l');
    }
    host.until(
        [&] { return host.why.find("2 connections from the carrier") != std::string::npos; });
    CHECK(host.open_slots == 4); // nothing leaves over those
    other->send('D', {5, 9});
    host.until([&] { return host.unstored.size() == 1; });
    mo->send('D', {6});
    host.until([&] { return host.unstored.size() == 2; });
    for (const auto& stored : host.unstored)
        stored();
    CHECK(mo->read() == std::pair<char, sequence_number>{'d', {6}});
    CHECK(other->read() == std::pair<char, sequence_number>{'d', {5, 9}});
    mo->socket.close();
    host.until([&] { return host.ended_links == 1; });
    host.until([&] { return host.why.find("1 connection from the carrier") != std::string::npos; });
}

TEST_CASE_FIXTURE(toy_fixture,
                  "listener: stopped, it acknowledges what is stored and says good-bye") {
    start(true);
    mo.emplace(host, port);
    mo->send('L', {1});
    mo->send('D', {6});
    CHECK(mo->read().first == 'l');
    host.until([&] { return host.unstored.size() == 1; });
    running->stop();
    CHECK(mt->read().first == 'G');
    host.settle();
    CHECK(!ended);
    host.unstored[0]();
    CHECK(mo->read().first == 'd');
    const auto [kind, sequence] = mo->read();
    CHECK(kind == 'G');
    mo->send('g', sequence);
    mt->socket.close();
    host.until([&] { return ended; });
}

TEST_CASE_FIXTURE(toy_fixture, "listener: who is turned away is closed, and others are heard") {
    start(true);
    turned_away = true;
    mo.emplace(host, port);
    CHECK(mo->read().first == '\0');
    turned_away = false;
    other.emplace(host, port);
    other->send('L', {1});
    CHECK(other->read().first == 'l');
}

TEST_CASE_FIXTURE(toy_fixture,
                  "listener: an address that is taken is told to a person, and the links go on") {
    port = settings.port; // the gateway's own
    start(true);
    host.until([&] { return host.logged("cannot listen on listen_address 127.0.0.1"); });
    CHECK(host.open_slots == 4);
    CHECK(host.why.find("cannot listen") != std::string::npos);
}

} // namespace link_listener_test
