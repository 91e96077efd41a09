// `posthorn-sim vonage`: what it can be told.
#include "vonage/simulator/provider.hpp"
#include "vonage/simulator/words.hpp"

#include <CLI/CLI.hpp>

#include <vector>

namespace posthorn::vonage::simulator {

namespace {

void add_own(CLI::App& app, options& o) {
    app.add_option("--api-key", o.api_key, "Of the account")->capture_default_str();
    app.add_option("--api-secret", o.api_secret,
                   "It must be shown by requests that are not signed (default: simulator)");
    app.add_option("--signature-secret", o.signature_secret,
                   "Requests may be signed with it, and calls are (default: nothing is signed)");
    app.add_option("--signature-method", o.signature_method, "How")
        ->check(CLI::IsMember(
            std::vector<std::string>(std::begin(signature_methods), std::end(signature_methods))))
        ->capture_default_str();
    app.add_option("--calls-by", o.calls_by, "post (a form), json or get")
        ->check(CLI::IsMember({"post", "json", "get"}))
        ->capture_default_str();
}

} // namespace

posthorn::simulator::command_line<options> read_command_line(int argc, char** argv) {
    const manual about{
        .name = "vonage",
        .description = "A carrier for tests: the SMS API of Vonage, which answers and calls back "
                       "for each part of a text, and misbehaves on request; "
                       "config/accounts.d/vonage.yaml.sample says how to try it.",
        .refusal = "0009=7",
        .example = "posthorn-sim vonage --signature-secret hush --outcome 0001=expired \\\n"
                   "             --fault throttle:1%",
        .faults = known_faults};
    return posthorn::simulator::http::read_command_line<options>(about, argc, argv, add_own);
}

} // namespace posthorn::vonage::simulator

extern "C" int posthorn_simulator_vonage(int argc, char** argv) {
    namespace simulator = posthorn::vonage::simulator;
    return posthorn::simulator::run<simulator::server>("vonage",
                                                       simulator::read_command_line(argc, argv));
}
