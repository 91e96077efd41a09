// The contract between the daemon and a handler: a shared object NAME.so in plugins/NAME/handler that
// answers lookups by code, where a query on a table or an HTTP interface does not reach. A handler is
// a system like others: how many questions it has at once, how long it may take, when it is left
// alone for a while, all that is the host's.
//
//   host ──ask(question, reply)──► handler ══► whatever it knows
//   host ◄──reply(answer)───────── handler      from any thread, at any time
//
// ask() is called on the daemon's own thread. A handler
//   MUST NOT block in ask(): what takes longer belongs on a thread (sdk/worker.hpp);
//   MUST call `reply` once. A second time, and one after the deadline, are ignored; an exception out
//        of ask(), or none at all, is a failure of the handler;
//   MUST end its threads when it is destroyed, within milliseconds: nothing calls back after that;
//   MAY be made and destroyed while the daemon runs: `posthorn reload` with other options;
//   MUST NOT write secrets, numbers or what was asked into `why`: it stands in the log.
// No Asio here: a handler needs no event loop of the daemon's.
#pragma once

#include "sdk/options.hpp"

#include <chrono>
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <utility>
#include <vector>

namespace posthorn::sdk {

struct handler_question {
    std::string query; // of the lookup's file, as it stands there: what it means is the handler's
    // Of the lookup's `takes`, in its order. None: the phone did not say.
    std::vector<std::pair<std::string, std::optional<std::string>>> parameters;
    std::chrono::steady_clock::time_point deadline; // nobody listens any more
};

struct handler_answer {
    enum class kind : std::uint8_t {
        rows,   // also when there are none
        down,   // what it asks is ill: after some of these it is left alone for a while
        refused // this question cannot be answered, others can
    };
    kind what = kind::rows;
    // rows: a JSON list of objects, at most 1 MiB; what the lookup does not declare is left out.
    // Else why, for the log.
    std::string text;

    static handler_answer rows(std::string json) { return {kind::rows, std::move(json)}; }
    static handler_answer down(std::string why) { return {kind::down, std::move(why)}; }
    static handler_answer refused(std::string why) { return {kind::refused, std::move(why)}; }
};

using handler_reply = std::function<void(handler_answer)>;

class handler {
public:
    virtual ~handler() = default;
    virtual void ask(handler_question question, handler_reply reply) = 0;
};

// Bump when this file, options.hpp or worker.hpp changes shape. First, and stays first.
constexpr std::uint32_t handler_abi = 1;

struct handler_plugin {
    std::uint32_t abi = handler_abi;
    const char* build_tag = nullptr; // the compiler; must equal the daemon's
    const char* name = nullptr;
    const char* help = nullptr; // one sentence
    std::span<const option> options;
    // `folder`: that of posthorn.yaml, where relative paths begin. What it throws is told as `down`,
    // and it is made again for the next question.
    std::unique_ptr<handler> (*create)(const sdk::options&,
                                       const std::filesystem::path& folder) = nullptr;
};

inline constexpr const char* handler_build_tag = "gcc " __VERSION__;

} // namespace posthorn::sdk

// Once per handler, at namespace scope: POSTHORN_HANDLER("tables", "Answers from CSV files.", tables,
// option_table)
#define POSTHORN_HANDLER(name_, help_, type_, options_)                                            \
    extern "C" __attribute__((visibility("default")))                                              \
    const posthorn::sdk::handler_plugin posthorn_handler_plugin;                                   \
    const posthorn::sdk::handler_plugin posthorn_handler_plugin {                                  \
        posthorn::sdk::handler_abi, posthorn::sdk::handler_build_tag, name_, help_, options_,      \
            [](const posthorn::sdk::options& o,                                                    \
               const std::filesystem::path& folder) -> std::unique_ptr<posthorn::sdk::handler> {   \
                return std::make_unique<type_>(o, folder);                                         \
            }                                                                                      \
    }
