// `posthorn-sim aliyun`, and what it can be told.
#include "aliyun/simulator/provider.hpp"

#include <CLI/CLI.hpp>

namespace posthorn::aliyun::simulator {

posthorn::simulator::command_line<options> read_command_line(int argc, char** argv) {
    const manual about{
        .name = "aliyun",
        .description =
            "Aliyun SMS (阿里云短信) for tests: it takes approved templates over SendSms and "
            "SendBatchSms, signed with ACS3-HMAC-SHA256, calls back with receipts and texts from "
            "phones, can be asked for what became of one, and misbehaves on request; "
            "config/accounts.d/aliyun.yaml.sample is an account of it.",
        .refusal = "0009=isv.MOBILE_NUMBER_ILLEGAL",
        .example = "posthorn-sim aliyun --receipt-delay 1s --fault throttle:1% \\\n"
                   "             --callback http://127.0.0.1:8650/v1/carriers/aliyun/SECRET",
        .faults = known_faults};
    return posthorn::simulator::http::read_command_line<options>(
        about, argc, argv, [](CLI::App& app, options& o) {
            app.add_option("--access-key-id", o.key.id, "The key it knows (default: any)");
            app.add_option("--access-key-secret", o.key.secret,
                           "Of that key (default: signatures are not checked)");
            add_approved(app, o.approved, "'SMS_1=您的验证码是${code}。'");
        });
}

} // namespace posthorn::aliyun::simulator

extern "C" int posthorn_simulator_aliyun(int argc, char** argv) {
    namespace simulator = posthorn::aliyun::simulator;
    return posthorn::simulator::run<simulator::server>("aliyun",
                                                       simulator::read_command_line(argc, argv));
}
