// One account tried for a person: a link of its own is brought up as the account would, asked, and
// taken down again, within a time limit. No text is sent; what arrives meanwhile is not acknowledged,
// so that the carrier keeps it.
#pragma once

#include "gateway/configuration.hpp"

#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>

#include <functional>
#include <memory>
#include <string>

namespace posthorn::gateway {

class trial final : public sdk::host {
public:
    trial(boost::asio::io_context& loop, account which, std::function<sdk::instant()> now,
          std::uint32_t random);

    // Once. Never throws.
    boost::asio::awaitable<sdk::finding> run();
    void stop() { end({false, "posthornd is stopping", {}}); }

    // sdk::host
    boost::asio::any_io_executor executor() override { return loop_.get_executor(); }
    sdk::instant now() const override { return now_(); }
    std::uint32_t random() override { return random_; }
    void log(sdk::level l, std::string_view what) override;
    void verdicts(std::span<const sdk::verdict>) override {} // of no units
    void arrived(std::vector<sdk::receipt>, std::vector<sdk::inbound>,
                 std::function<void()>) override {}
    void slots(unsigned open, std::string_view why) override;
    void link_ended() override {} // its texts were not taken

private:
    boost::asio::awaitable<void> live();
    boost::asio::awaitable<void> watch();
    void end(sdk::finding found); // the first counts

    boost::asio::io_context& loop_;
    account account_;
    std::function<sdk::instant()> now_;
    std::uint32_t random_;
    std::unique_ptr<sdk::adapter> adapter_;
    boost::asio::steady_timer limit_;
    sdk::finding found_;
    std::string why_ = "it did not begin";
    bool up_ = false;
    bool ended_ = false;
};

} // namespace posthorn::gateway
