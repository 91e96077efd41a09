// One connection to PostgreSQL on the loop, with its prepared questions; one question at a time.
//
//   [SET read only, limit] ─► [PREPARE] ─► EXECUTE ─► rows, one by one
#pragma once

#include "lookups/postgresql_connect.hpp"
#include "lookups/system.hpp"
#include "sdk/http/socket_watch.hpp"

#include <boost/asio/steady_timer.hpp>

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

namespace posthorn::lookups {

class postgresql_session : public std::enable_shared_from_this<postgresql_session> {
public:
    // How a question ended. `is_lost`: so has the session. `stale`: only because the session was
    // old; the question may be asked over a new one.
    struct outcome {
        answer result;
        bool is_lost = false;
        bool stale = false;
    };
    using callback = std::function<void(outcome)>;

    // Throws when there is no room for a socket.
    postgresql_session(connection_ptr connection, const boost::asio::any_io_executor& loop);

    void start(); // once, before the first question
    // `q` must live until `done`, which is not called within ask().
    void ask(const question& q, callback done);
    void close(); // `done` is not called any more

private:
    enum class step : std::uint8_t { limit, prepare, execute };

    void send(step s);
    bool send_limit();
    bool send_prepare();
    bool send_execute();
    void flush();
    void take();
    void read();
    void advance();
    void handle(const PGresult* r);
    void handle_row(const PGresult* r);
    void find_columns(const PGresult* r);
    boost::json::object row_of(const PGresult* r);
    void fail(const PGresult* r);
    void lose(failure kind, std::string why);
    void end(outcome o);

    boost::asio::any_io_executor loop_;
    connection_ptr connection_;
    std::shared_ptr<sdk::socket_watch> watch_;
    boost::asio::steady_timer limit_;
    std::unordered_map<std::string, std::string> prepared_; // query → name
    std::optional<duration> allowed_;                       // what the server was told
    bool used_ = false;                                     // it has answered before

    const question* q_ = nullptr; // in hand
    callback done_;
    step step_ = step::limit;
    boost::json::array rows_;
    std::size_t octets_ = 0;
    std::vector<int> columns_; // of the lookup's fields
    std::optional<failed> failed_;
};

} // namespace posthorn::lookups
