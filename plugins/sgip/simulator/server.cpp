#include "sgip/simulator/server.hpp"

namespace posthorn::sgip::simulator {

using boost::asio::ip::tcp;

server::server(boost::asio::io_context& io, const options& chosen)
    : posthorn::simulator::server(io, std::make_unique<gateway>(io, chosen)),
      gateway_(static_cast<gateway&>(shared())) {
    if (!chosen.report_host.empty())
        gateway_.on_client([this](account& client) { report_to(client); });
}

std::shared_ptr<posthorn::simulator::link> server::make_link(tcp::socket socket,
                                                             link::gone_handler gone) {
    return std::make_shared<session>(std::move(socket), gateway_, nullptr, std::move(gone));
}

void server::report_to(account& client) {
    const auto& o = gateway_.own();
    const auto [at, is_new] = dialers_.try_emplace(
        &client, io(), o.report_host, o.report_port,
        [this, &client](tcp::socket socket) { connected(client, std::move(socket)); });
    if (is_new)
        at->second.dial();
}

void server::connected(account& client, tcp::socket socket) {
    auto gone = [this, &client, forget = forget()](const std::shared_ptr<link>& ended) {
        forget(ended);
        dialers_.at(&client).again();
    };
    adopt(std::make_shared<session>(std::move(socket), gateway_, &client, std::move(gone)));
}

void server::stopping() {
    for (auto& [client, one] : dialers_)
        one.stop();
}

} // namespace posthorn::sgip::simulator
