#include "api/unix_socket.hpp"

#include <boost/asio/io_context.hpp>

#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>

#include <cerrno>
#include <stdexcept>
#include <system_error>

namespace posthorn::api {

namespace asio = boost::asio;
using asio::local::stream_protocol;
using boost::system::error_code;

namespace {

constexpr std::size_t longest_path = sizeof(sockaddr_un::sun_path) - 1;

[[noreturn]] void cannot_listen(const std::filesystem::path& path, const std::string& why) {
    throw std::runtime_error("socket " + path.string() + ": " + why);
}

// A file a dead daemon left behind is removed; one that somebody listens on, or that is no socket,
// is not.
void make_way(const std::filesystem::path& path) {
    const auto status = std::filesystem::symlink_status(path);
    if (status.type() == std::filesystem::file_type::not_found)
        return;
    if (status.type() != std::filesystem::file_type::socket)
        cannot_listen(path, "there is another file of that name: change `socket:`");
    asio::io_context once;
    stream_protocol::socket probe(once);
    error_code ec;
    probe.connect(stream_protocol::endpoint(path.string()), ec);
    if (!ec)
        cannot_listen(path, "another posthornd listens there: stop it, or change `socket:`");
    if (ec != asio::error::connection_refused)
        cannot_listen(path, "cannot tell whether another posthornd listens there (" + ec.message() +
                                "): remove the file if none does");
    std::filesystem::remove(path);
}

} // namespace

stream_protocol::acceptor listen_on(const asio::any_io_executor& executor,
                                    const std::filesystem::path& path) {
    if (path.empty() || path.string().size() > longest_path)
        cannot_listen(path, "a path has 1 to 107 octets: change `socket:`");
    if (path.has_parent_path())
        std::filesystem::create_directories(path.parent_path());
    make_way(path);
    stream_protocol::acceptor out(executor);
    error_code ec;
    out.open(stream_protocol(), ec);
    if (!ec)
        out.bind(stream_protocol::endpoint(path.string()), ec);
    if (ec)
        cannot_listen(path, ec.message());
    // before listen(): until then nobody gets in
    if (::chmod(path.c_str(), 0660) != 0)
        cannot_listen(path, std::system_category().message(errno));
    out.listen(asio::socket_base::max_listen_connections, ec);
    if (ec)
        cannot_listen(path, ec.message());
    return out;
}

unsigned uid_behind(stream_protocol::socket& socket) {
    ucred peer{};
    socklen_t size = sizeof(peer);
    if (::getsockopt(socket.native_handle(), SOL_SOCKET, SO_PEERCRED, &peer, &size) != 0)
        return static_cast<unsigned>(-1);
    return peer.uid;
}

} // namespace posthorn::api
