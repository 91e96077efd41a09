// Cuts a TCP stream into packets whose first four octets are their whole length, big endian, or that
// tell it otherwise. One fixed buffer; never allocates by a length a peer announced.
//
//     auto room = framer.prepare();            // read from the socket into it
//     framer.commit(n);
//     while (framer.next(octets) == framer::pdu) ...   // all complete ones before reading again
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace posthorn::sdk {

class framer {
public:
    static constexpr std::size_t default_read_size = 64 * 1024;

    struct shape {
        std::string_view protocol;     // "SMPP", for problem()
        std::string_view length_field; // what the protocol calls the first four octets
        std::size_t least = 0, most = 0;
        bool may_encrypt = false; // the account has an option tls
        // How long the packet is that begins here, where no length comes first; nothing: more must be
        // read to know.
        std::optional<std::size_t> (*length_of)(std::string_view held) = nullptr;
    };

    enum outcome : std::uint8_t {
        pdu,   ///< one whole packet
        more,  ///< read more from the peer
        broken ///< the stream is not, or no longer, of this protocol: see problem()
    };

    /// `read_size`: the least that prepare() offers.
    explicit framer(const shape& as, std::size_t read_size = default_read_size);

    /// Free room to read into. Ends the life of the views next() gave. Call it only after next()
    /// said `more`; offers at least read_size octets then.
    std::span<char> prepare();
    /// So many octets were put into the room.
    void commit(std::size_t octets);
    /// Copies as much of `octets` as fits and says how much that was: for tests and small feeds.
    std::size_t feed(std::string_view octets);

    /// The next whole packet; the view lives until prepare() or feed().
    outcome next(std::string_view& octets);

    /// Octets of an unfinished packet held: when > 0 a peer that stays silent is stuck inside one.
    std::size_t pending() const noexcept { return end_ - begin_; }

    /// Why next() said `broken`: what the octets look like and what to check.
    const std::string& problem() const noexcept { return problem_; }
    /// Whether the peer speaks the protocol well enough to be told before the connection is closed.
    /// False for HTTP and TLS: close at once.
    bool worth_a_nack() const noexcept { return nack_; }

private:
    outcome refuse(std::size_t length);

    shape shape_;
    std::size_t capacity_;
    std::unique_ptr<char[]> buffer_;
    std::size_t begin_ = 0, end_ = 0;
    std::string problem_;
    bool nack_ = false;
};

} // namespace posthorn::sdk
