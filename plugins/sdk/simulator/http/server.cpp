#include "sdk/simulator/http/server.hpp"

#include "sdk/simulator/http/caller.hpp"
#include "sdk/simulator/http/session.hpp"

namespace posthorn::simulator::http {

using boost::asio::ip::tcp;

namespace {

constexpr int calls_at_once = 4;

} // namespace

server::server(boost::asio::io_context& io, std::unique_ptr<provider> whose)
    : simulator::server(io, std::move(whose)), provider_(static_cast<provider&>(shared())),
      tls_(context_of(provider_.tls())) {
    provider_.on_callback([this] { call_back(); });
}

std::shared_ptr<link> server::make_link(tcp::socket socket, link::gone_handler gone) {
    return std::make_shared<session>(std::move(socket), tls_ ? &*tls_ : nullptr, provider_,
                                     std::move(gone));
}

void server::call_back() {
    for (int i = 0; i < calls_at_once; ++i) {
        const auto& to = *provider_.calls();
        auto& line = dialers_.emplace_back(io(), to.host, to.port, [this, i](tcp::socket socket) {
            auto gone = [again = &dialers_[static_cast<std::size_t>(i)],
                         forget = forget()](const std::shared_ptr<link>& ended) {
                forget(ended);
                again->again();
            };
            adopt(std::make_shared<caller>(std::move(socket), provider_, std::move(gone)));
        });
        line.dial();
    }
}

void server::stopping() {
    for (auto& one : dialers_)
        one.stop();
}

} // namespace posthorn::simulator::http
