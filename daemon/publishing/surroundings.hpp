// What publishing may ask of the house. On the loop's thread; reads throw store::read_failed.
#pragma once

#include "lookups/answer.hpp"
#include "model/event.hpp"
#include "store/ops.hpp"
#include "store/people.hpp"
#include "store/publications.hpp"

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/json/object.hpp>

#include <string>
#include <string_view>
#include <vector>

namespace posthorn::publishing {

enum class level : std::uint8_t { info, warn, error };

class surroundings {
public:
    virtual boost::asio::any_io_executor loop() = 0;
    virtual instant now() const = 0;
    // The clock is not believed, the disk is full, or the house is closing: begin nothing.
    virtual bool stands_still() const = 0;

    // Of those after this one, the oldest first; at most `most`.
    virtual boost::asio::awaitable<std::vector<store::open_publication>>
    open_publications(posthorn::id after, std::size_t most) = 0;
    // Why nothing of this source may leave now, and whether it never will; empty: it may.
    struct hold {
        std::string why;
        bool stopped = false;
    };
    virtual hold held(const std::string& source) const = 0;
    virtual boost::asio::awaitable<std::vector<subscription>>
    subscribers(store::open_publication of, std::size_t limit) = 0;
    virtual boost::asio::awaitable<std::vector<store::person>>
    persons(std::vector<std::string> numbers) = 0;
    // Messages that wait before those of this flow; at most `most` are counted.
    virtual boost::asio::awaitable<std::size_t> waiting(store::flow_name flow,
                                                        std::size_t most) = 0;
    virtual boost::asio::awaitable<std::vector<std::string>> parameters(std::string topic) = 0;
    virtual boost::asio::awaitable<instant> occurrence(std::string topic) = 0;
    virtual boost::asio::awaitable<lookups::answer> ask(std::string lookup,
                                                        boost::json::object parameters) = 0;

    // An event of our own with its message, or why not.
    virtual store::add_event prepared(event e) = 0;
    // Commits events that wait in the queue, or other operations.
    virtual boost::asio::awaitable<std::vector<store::outcome>>
    queue(std::vector<store::add_event> events) = 0;
    virtual boost::asio::awaitable<std::vector<store::outcome>>
    commit(std::vector<store::op> ops) = 0;
    virtual void log(level l, std::string_view what) = 0;

protected:
    ~surroundings() = default;
};

} // namespace posthorn::publishing
