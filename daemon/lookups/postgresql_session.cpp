#include "lookups/postgresql_session.hpp"

#include "lookups/row.hpp"

#include <boost/asio/post.hpp>

#include <cstdlib>

namespace posthorn::lookups {

namespace {

namespace json = boost::json;

constexpr std::size_t most_octets = 1 << 20; // of an answer
constexpr std::size_t most_prepared = 200;
// The server keeps the limit itself; one that does not is left.
constexpr auto grace_at_server = std::chrono::milliseconds(50);

// src/include/catalog/pg_type.dat
enum oid : unsigned {
    of_bool = 16,
    of_int8 = 20,
    of_int2 = 21,
    of_int4 = 23,
    of_float4 = 700,
    of_float8 = 701
};

json::value value_of(const PGresult* r, int column) {
    const char* text = ::PQgetvalue(r, 0, column);
    const auto size = static_cast<std::size_t>(::PQgetlength(r, 0, column));
    switch (::PQftype(r, column)) {
    case of_bool:
        return *text == 't';
    case of_int2:
    case of_int4:
    case of_int8:
        return std::int64_t{std::strtoll(text, nullptr, 10)};
    case of_float4:
    case of_float8:
        return std::strtod(text, nullptr);
    default:
        return json::string(text, size);
    }
}

// Classes of SQLSTATE whose messages have names in them but nobody's data.
bool is_tellable(std::string_view state) {
    for (const std::string_view c : {"08", "0A", "25", "26", "28", "3D", "42", "53", "57"})
        if (state.starts_with(c))
            return true;
    return false;
}

failure kind_of(std::string_view state) {
    if (state == "57014") // statement_timeout
        return failure::timeout;
    if (state.empty() || state.starts_with("08") || state.starts_with("53") ||
        state.starts_with("57") || state.starts_with("58") || state.starts_with("XX"))
        return failure::down;
    return state.starts_with("22") ? failure::bad_data : failure::refused;
}

// A plan that does not fit the tables any more, or that somebody between us has forgotten.
bool is_forgotten(std::string_view state) { return state == "0A000" || state == "26000"; }

} // namespace

postgresql_session::postgresql_session(connection_ptr connection,
                                       const boost::asio::any_io_executor& loop)
    : loop_(loop), connection_(std::move(connection)), limit_(loop) {
    ::PQsetnonblocking(connection_.get(), 1);
    // warnings go nowhere: they may quote what was asked
    ::PQsetNoticeProcessor(
        connection_.get(), [](void*, const char*) {}, nullptr);
}

void postgresql_session::start() {
    watch_ = std::make_shared<sdk::socket_watch>(loop_, ::PQsocket(connection_.get()),
                                                 [weak = weak_from_this()](bool readable, bool) {
                                                     const auto self = weak.lock();
                                                     if (!self || !self->q_)
                                                         return;
                                                     if (readable)
                                                         self->read();
                                                     else
                                                         self->flush();
                                                 });
}

void postgresql_session::close() {
    q_ = nullptr;
    done_ = nullptr;
    limit_.cancel();
    if (watch_)
        watch_->close();
    connection_.reset();
}

void postgresql_session::ask(const question& q, callback done) {
    q_ = &q;
    done_ = std::move(done);
    rows_ = {};
    octets_ = 0;
    columns_.clear();
    failed_.reset();
    limit_.expires_at(q.deadline + grace_at_server);
    limit_.async_wait([weak = weak_from_this(), id = q.id](boost::system::error_code ec) {
        if (const auto self = weak.lock(); self && !ec && self->q_ && self->q_->id == id)
            self->lose(failure::timeout, "no answer in time");
    });
    if (prepared_.size() >= most_prepared) // of lookups that have changed since
        return lose(failure::down, "too many questions over one connection");
    send(allowed_ != q.of->timeout         ? step::limit
         : prepared_.contains(q.of->query) ? step::execute
                                           : step::prepare);
}

void postgresql_session::send(step s) {
    step_ = s;
    const bool sent = s == step::limit     ? send_limit()
                      : s == step::prepare ? send_prepare()
                                           : send_execute();
    if (!sent)
        return lose(failure::down, first_line(::PQerrorMessage(connection_.get())));
    flush();
}

bool postgresql_session::send_limit() {
    const auto ms = std::chrono::duration_cast<std::chrono::milliseconds>(q_->of->timeout).count();
    const auto sql = "SET default_transaction_read_only = on; SET DateStyle = ISO; "
                     "SET statement_timeout = " +
                     std::to_string(ms);
    return ::PQsendQuery(connection_.get(), sql.c_str()) == 1;
}

bool postgresql_session::send_prepare() {
    const auto name = "l" + std::to_string(prepared_.size() + 1);
    return ::PQsendPrepare(connection_.get(), name.c_str(), q_->of->query.c_str(), 0, nullptr) == 1;
}

bool postgresql_session::send_execute() {
    std::vector<const char*> values;
    for (const auto& v : q_->values)
        values.push_back(v ? v->c_str() : nullptr);
    return ::PQsendQueryPrepared(connection_.get(), prepared_.at(q_->of->query).c_str(),
                                 static_cast<int>(values.size()), values.data(), nullptr, nullptr,
                                 0) == 1 &&
           ::PQsetSingleRowMode(connection_.get()) == 1;
}

void postgresql_session::flush() {
    const int left = ::PQflush(connection_.get());
    if (left < 0)
        return lose(failure::down, first_line(::PQerrorMessage(connection_.get())));
    watch_->want(true, left > 0);
}

void postgresql_session::read() {
    if (::PQconsumeInput(connection_.get()) != 1)
        return lose(failure::down, first_line(::PQerrorMessage(connection_.get())));
    take();
}

void postgresql_session::take() {
    while (q_ != nullptr && ::PQisBusy(connection_.get()) == 0) {
        const std::unique_ptr<PGresult, decltype(&::PQclear)> r(::PQgetResult(connection_.get()),
                                                                &::PQclear);
        if (!r)
            return advance();
        handle(r.get());
    }
}

// What was sent has been answered whole.
void postgresql_session::advance() {
    if (failed_)
        return end({*failed_});
    if (step_ == step::limit) {
        allowed_ = q_->of->timeout;
        return send(prepared_.contains(q_->of->query) ? step::execute : step::prepare);
    }
    if (step_ == step::prepare) {
        prepared_.emplace(q_->of->query, "l" + std::to_string(prepared_.size() + 1));
        return send(step::execute);
    }
    end({std::move(rows_)});
}

void postgresql_session::handle(const PGresult* r) {
    switch (::PQresultStatus(r)) {
    case PGRES_COMMAND_OK:
        return;
    case PGRES_SINGLE_TUPLE:
        return handle_row(r);
    case PGRES_TUPLES_OK: // the end of the rows
        if (columns_.empty() && !failed_)
            find_columns(r);
        return;
    default:
        return fail(r);
    }
}

void postgresql_session::find_columns(const PGresult* r) {
    for (const auto& f : q_->of->fields) {
        int at = 0;
        while (at < ::PQnfields(r) && f.name != ::PQfname(r, at))
            ++at;
        if (at == ::PQnfields(r)) {
            failed_ = failed{failure::bad_data, "the query gives no column '" + f.name + "'"};
            return;
        }
        columns_.push_back(at);
    }
}

json::object postgresql_session::row_of(const PGresult* r) {
    json::object row;
    for (std::size_t i = 0; i < columns_.size(); ++i) {
        if (::PQgetisnull(r, 0, columns_[i]) != 0)
            continue;
        const auto& f = q_->of->fields[i];
        octets_ += static_cast<std::size_t>(::PQgetlength(r, 0, columns_[i]));
        row[f.name] = fitted(f, value_of(r, columns_[i]));
    }
    return row;
}

void postgresql_session::handle_row(const PGresult* r) {
    if (failed_)
        return;
    if (rows_.size() == q_->of->most_rows) // whoever sends too much is not listened to
        return lose(failure::too_many_rows,
                    "more than " + std::to_string(q_->of->most_rows) + " rows");
    if (columns_.empty())
        find_columns(r);
    if (failed_)
        return;
    auto row = row_of(r);
    if (octets_ > most_octets)
        return lose(failure::bad_data, "more than 1 MiB");
    if (auto why = mistakes_of(*q_->of, row); !why.empty())
        failed_ = failed{failure::bad_data, std::move(why)};
    rows_.push_back(std::move(row));
}

void postgresql_session::fail(const PGresult* r) {
    const char* code = ::PQresultErrorField(r, PG_DIAG_SQLSTATE);
    const std::string state = code == nullptr ? "" : code;
    const char* message = ::PQresultErrorField(r, PG_DIAG_MESSAGE_PRIMARY);
    const auto why =
        state.empty()
            ? first_line(::PQerrorMessage(connection_.get()))
            : "SQLSTATE " + state +
                  (is_tellable(state) && message != nullptr ? ": " + std::string(message) : "");
    const auto kind = kind_of(state);
    if (kind == failure::down || (is_forgotten(state) && step_ == step::execute))
        return lose(kind, why);
    failed_ = failed{kind, why};
}

void postgresql_session::lose(failure kind, std::string why) {
    const bool stale = used_ && rows_.empty() && kind != failure::timeout &&
                       kind != failure::too_many_rows && kind != failure::bad_data;
    end({.result = failed{kind, std::move(why)}, .is_lost = true, .stale = stale});
}

void postgresql_session::end(outcome o) {
    limit_.cancel();
    watch_->want(false, false);
    q_ = nullptr;
    used_ = true;
    boost::asio::post(
        loop_, [self = shared_from_this(), done = std::move(done_), o = std::move(o)]() mutable {
            if (o.is_lost)
                self->close();
            done(std::move(o));
        });
    done_ = nullptr;
}

} // namespace posthorn::lookups
