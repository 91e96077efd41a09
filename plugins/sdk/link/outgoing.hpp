// What a link has to write. PDUs gather in one buffer while the other is with the socket, so that
// all that is ready leaves in one write; and it knows how far the kernel has taken them, which
// decides whether a unit may have left.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace posthorn::sdk {

class outgoing {
public:
    // Append whole PDUs here.
    std::string& tail() { return gathering_; }

    bool empty() const { return done_ == leaving_.size() && gathering_.empty(); }
    // Octets appended, and octets the kernel has taken, since the link was opened.
    std::uint64_t appended() const {
        return taken_ + (leaving_.size() - done_) + gathering_.size();
    }
    std::uint64_t taken() const { return taken_; }
    std::uint64_t waiting() const { return appended() - taken(); }

    // What to give to the socket next; lives until took().
    std::string_view next() {
        if (done_ == leaving_.size()) {
            leaving_.clear();
            leaving_.swap(gathering_);
            done_ = 0;
        }
        return std::string_view(leaving_).substr(done_);
    }
    void took(std::size_t octets) {
        done_ += octets;
        taken_ += octets;
    }

private:
    std::string gathering_, leaving_;
    std::size_t done_ = 0; // of leaving_
    std::uint64_t taken_ = 0;
};

} // namespace posthorn::sdk
