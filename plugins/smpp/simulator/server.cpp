// `posthorn-sim smpp`: see options.cpp for what it can be told.
#include "smpp/simulator/server.hpp"

#include "smpp/simulator/session.hpp"

namespace posthorn::smpp::simulator {

namespace asio = boost::asio;

server::server(asio::io_context& io, const options& chosen)
    : server(io, chosen, std::make_unique<message_centre>(io, chosen)) {}

server::server(asio::io_context& io, const options& chosen, std::unique_ptr<message_centre> whose)
    : posthorn::simulator::server(io, std::move(whose)),
      centre_(static_cast<message_centre&>(shared())), tls_(context_of(chosen.tls)) {}

std::shared_ptr<link> server::make_link(asio::ip::tcp::socket socket, link::gone_handler gone) {
    return std::make_shared<session>(std::move(socket), tls_ ? &*tls_ : nullptr, centre_,
                                     std::move(gone));
}

} // namespace posthorn::smpp::simulator

extern "C" int posthorn_simulator_smpp(int argc, char** argv) {
    using namespace posthorn::smpp::simulator;
    return posthorn::simulator::run<server>("smpp", read_command_line(argc, argv));
}
