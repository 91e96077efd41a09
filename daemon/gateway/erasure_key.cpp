#include "gateway/erasure_key.hpp"

#include "store/durable_file.hpp"
#include "tokens/digest.hpp"

#include <cerrno>
#include <fstream>
#include <iterator>
#include <stdexcept>
#include <system_error>

#include <fcntl.h>
#include <unistd.h>

namespace posthorn::gateway {

namespace {

constexpr std::size_t key_size = 32, told_size = 16;

std::string read_key(const std::filesystem::path& file) {
    std::ifstream in(file, std::ios::binary);
    std::string key{std::istreambuf_iterator<char>(in), {}};
    if (key.size() != 2 * key_size)
        throw std::runtime_error(file.string() +
                                 ": is no key; restore it from a backup, or remove it: then nobody "
                                 "can tell any more which evidence is of an erased number");
    return key;
}

void make_key(const std::filesystem::path& file) {
    const auto key = tokens::hex(tokens::random_octets(key_size));
    const auto unfinished = file.string() + ".unfinished";
    const int fd = ::open(unfinished.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
    const bool written =
        fd >= 0 && ::write(fd, key.data(), key.size()) == static_cast<ssize_t>(key.size());
    if (!written)
        throw std::runtime_error(unfinished + ": " + std::generic_category().message(errno));
    ::close(fd);
    store::make_durable(unfinished);
    std::filesystem::rename(unfinished, file);
    store::make_durable(file.parent_path());
}

} // namespace

// In letters, so that nobody takes it for a number, and masking leaves it as it is.
std::string name_of_erased(const std::filesystem::path& key_file, std::string_view number) {
    if (!std::filesystem::exists(key_file))
        make_key(key_file);
    std::string out = "erased:";
    for (const char c : tokens::hmac_sha256(read_key(key_file), number).substr(0, told_size)) {
        const auto octet = static_cast<unsigned char>(c);
        out += static_cast<char>('a' + (octet >> 4));
        out += static_cast<char>('a' + (octet & 15));
    }
    return out;
}

} // namespace posthorn::gateway
