// `posthorn-sim twilio`: what it can be told.
#include "twilio/simulator/provider.hpp"
#include "twilio/simulator/words.hpp"

#include <CLI/CLI.hpp>

namespace posthorn::twilio::simulator {

posthorn::simulator::command_line<options> read_command_line(int argc, char** argv) {
    const manual about{
        .name = "twilio",
        .description = "A carrier for tests: Twilio Programmable Messaging, which calls back with "
                       "signed receipts and can be asked for them, and misbehaves on request; "
                       "config/accounts.d/twilio.yaml.sample says how to try it.",
        .refusal = "0009=21610",
        .example = "posthorn-sim twilio --receipt-delay 1s --outcome 0001=expired \\\n"
                   "             --fault throttle:1%",
        .faults = known_faults};
    return posthorn::simulator::http::read_command_line<options>(
        about, argc, argv, [](CLI::App& app, options& o) {
            app.add_option("--account-sid", o.account_sid, "Of the account")->capture_default_str();
            app.add_option("--auth-token", o.auth_token,
                           "It must be shown, and signs the calls (default: simulator)");
            auto* const key =
                app.add_option("--key-sid", o.key_sid, "Of an API key that may send, too");
            app.add_option("--key-secret", o.key_secret, "Of that key")->needs(key);
        });
}

} // namespace posthorn::twilio::simulator

extern "C" int posthorn_simulator_twilio(int argc, char** argv) {
    namespace simulator = posthorn::twilio::simulator;
    return posthorn::simulator::run<simulator::server>("twilio",
                                                       simulator::read_command_line(argc, argv));
}
