// `posthorn-sim tencent`, and what it can be told.
#include "tencent/simulator/provider.hpp"

#include <CLI/CLI.hpp>

namespace posthorn::tencent::simulator {

posthorn::simulator::command_line<options> read_command_line(int argc, char** argv) {
    const manual about{
        .name = "tencent",
        .description =
            "Tencent Cloud SMS (腾讯云短信) for tests: it takes approved templates over SendSms, "
            "signed with TC3-HMAC-SHA256, calls back with receipts and texts from phones, and "
            "misbehaves on request; config/accounts.d/tencent.yaml.sample is an account of it.",
        .refusal = "0009=InvalidParameterValue.IncorrectPhoneNumber",
        .example = "posthorn-sim tencent --receipt-delay 1s --fault throttle:1% \\\n"
                   "             --callback http://127.0.0.1:8650/v1/carriers/tencent/SECRET",
        .faults = known_faults};
    return posthorn::simulator::http::read_command_line<options>(
        about, argc, argv, [](CLI::App& app, options& o) {
            app.add_option("--secret-id", o.key.id, "The key it knows (default: any)");
            app.add_option("--secret-key", o.key.secret,
                           "Of that key (default: signatures are not checked)");
            app.add_option("--app-id", o.app_id, "The SmsSdkAppId it knows (default: any)");
            add_approved(app, o.approved, "'1110=您的验证码是{1}。'");
        });
}

} // namespace posthorn::tencent::simulator

extern "C" int posthorn_simulator_tencent(int argc, char** argv) {
    namespace simulator = posthorn::tencent::simulator;
    return posthorn::simulator::run<simulator::server>("tencent",
                                                       simulator::read_command_line(argc, argv));
}
