// The Maildir in which bounces arrive, and words of those who opt out. Whatever was understood is moved from new/ to cur/ once it is
// stored, marked as seen; what was not, at once, flagged: a person should read it.
#pragma once

#include "email/codec/bounce.hpp"
#include "email/codec/opt_out.hpp"
#include "sdk/adapter.hpp"

#include <boost/asio/steady_timer.hpp>
#include <boost/asio/thread_pool.hpp>

#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace posthorn::email {

// Files are read and moved on a thread of its own. Must be made by make_shared; close() before it goes.
class mailbox : public std::enable_shared_from_this<mailbox> {
public:
    // `from`: whose letters they must be about.
    mailbox(sdk::host& host, std::filesystem::path folder, std::string from, sdk::duration every);

    void look(); // and again and again
    void close();

private:
    struct mail {
        std::string name; // of its file
        std::optional<bounce> said = {};
        std::optional<sdk::opt_out> word = {}; // or this
    };
    struct found {
        std::vector<mail> mails;
        std::string mistake; // the folder cannot be read
    };

    static found read(const std::filesystem::path& folder, const std::string& from);
    void take(found f);
    void tell(std::vector<mail> bounces);
    void tell(mail opt_out);
    void dealt_with(std::vector<std::string> names, const char* flags);
    void put_away(std::vector<std::string> names, const char* flags);
    void wait();

    sdk::host& host_;
    const std::filesystem::path folder_;
    const std::string from_;
    const sdk::duration every_;
    boost::asio::steady_timer timer_;
    std::string mistake_;           // told
    std::size_t told_and_open_ = 0; // mails of which nobody knows yet what came of them
    bool closed_ = false;
    boost::asio::thread_pool files_{1};
};

} // namespace posthorn::email
