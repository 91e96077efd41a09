// A request's target and what the router makes of it: a handler's answer or a problem, and never an
// exception.
#include "fuzz/fuzz.hpp"

#include "api/router.hpp"

#include <algorithm>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/json/serialize.hpp>

using namespace posthorn::api;
using posthorn::fuzz::require;
namespace asio = boost::asio;

namespace {

asio::awaitable<answer> take(request asked) {
    require(asked.segments.size() <= 2, "a handler gets what stands for its braces");
    for (const auto& segment : asked.segments)
        require(!segment.empty(), "what stands for braces is not empty");
    asked.asked("what");
    co_return answer{};
}

router table() {
    return router({{"GET", "/v1/show", take},
                   {"POST", "/v1/uncertain/{message}/{part}/resend", take},
                   {"POST", "/v1/retry", take}});
}

answer ask(const std::string& target, const std::string& method) {
    static const router routes = table();
    asio::io_context loop;
    answer given;
    std::exception_ptr failed;
    request asked;
    asked.method = method;
    asio::co_spawn(loop, routes.answer_to(target, std::move(asked)),
                   [&](std::exception_ptr error, answer a) {
                       failed = error;
                       given = std::move(a);
                   });
    loop.run();
    require(!failed, "no target throws");
    return given;
}

bool has_allow(const answer& given) {
    return std::ranges::any_of(given.headers, [](const auto& h) { return h.first == "Allow"; });
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string target(posthorn::fuzz::octets_of(data, size));
    for (const bool in_query : {false, true})
        if (const auto text = url_decoded(target, in_query))
            require(text->size() <= target.size(), "decoding makes no text longer");
    for (const auto* method : {"GET", "POST"}) {
        const auto given = ask(target, method);
        require(given.status == 200 || given.is_problem(), "there is an answer or a problem");
        require((given.status == 405) == has_allow(given), "a 405 names what is allowed");
    }
    return 0;
}
