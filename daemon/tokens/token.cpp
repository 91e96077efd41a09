#include "tokens/token.hpp"

#include "tokens/digest.hpp"

namespace posthorn::tokens {

namespace {

constexpr std::string_view prefix = "pht_";
constexpr std::size_t id_digits = 8;
constexpr std::size_t secret_digits = 64;

std::string hash_of(std::string_view salt, std::string_view text) {
    return hex(sha256(std::string(salt) + std::string(text)));
}

} // namespace

new_token make_token(std::string source, std::string name, instant now) {
    new_token out{.token = {.id = hex(random_octets(id_digits / 2)),
                            .source = std::move(source),
                            .name = std::move(name),
                            .created_at = now,
                            .salt = hex(random_octets(16)),
                            .hash = {}},
                  .text = {}};
    out.text = std::string(prefix) + out.token.id + "_" + hex(random_octets(secret_digits / 2));
    out.token.hash = hash_of(out.token.salt, out.text);
    return out;
}

std::optional<std::string_view> id_in(std::string_view text) {
    if (!text.starts_with(prefix) || text.size() != prefix.size() + id_digits + 1 + secret_digits ||
        text[prefix.size() + id_digits] != '_')
        return std::nullopt;
    return text.substr(prefix.size(), id_digits);
}

bool opens(const token& t, std::string_view text) { return same(hash_of(t.salt, text), t.hash); }

} // namespace posthorn::tokens
