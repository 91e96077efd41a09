// FNV-1a over the fields, each closed by an octet that cannot occur inside UTF-8 text.
#include "model/event.hpp"

#include <algorithm>

namespace posthorn {

namespace {

// FNV-1a as well, of one field after another.
class hash_of_fields {
public:
    void text(std::string_view s) {
        for (const char c : s)
            octet(static_cast<unsigned char>(c));
        octet(0xFF);
    }
    void number(std::int64_t v) {
        for (int shift = 0; shift < 64; shift += 8)
            octet(static_cast<unsigned char>(static_cast<std::uint64_t>(v) >> shift));
    }
    std::uint64_t value() const { return hash_; }

private:
    void octet(unsigned char c) { hash_ = (hash_ ^ c) * 0x100000001b3ULL; }
    std::uint64_t hash_ = 0xcbf29ce484222325ULL;
};

} // namespace

instant happened_at(const event& e) {
    const auto said = e.occurred_at != instant{} ? e.occurred_at : e.created_at;
    if (said == instant{} || e.received_at == instant{})
        return std::max(said, e.received_at);
    return std::min(said, e.received_at);
}

std::uint64_t content_hash_of(const event& e, std::string_view canonical_data) {
    hash_of_fields h;
    h.text(e.type);
    h.text(e.subject);
    h.text(e.to_kind);
    h.text(e.to_ref);
    h.text(canonical_data);
    h.number(to_micros(e.not_before));
    h.number(to_micros(e.expires_at));
    return h.value();
}

} // namespace posthorn
