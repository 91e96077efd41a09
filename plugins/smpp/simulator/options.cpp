#include "smpp/simulator/options.hpp"

#include <CLI/CLI.hpp>

#include <charconv>
#include <iostream>

namespace posthorn::smpp::simulator {

namespace {

void add_duration(CLI::App& app, const std::string& flag, milliseconds& target,
                  const std::string& help) {
    app.add_option_function<std::string>(
           flag,
           [flag, &target](const std::string& text) {
               const auto parsed = parse_duration(text);
               if (!parsed)
                   throw CLI::ValidationError(flag, "\"" + text +
                                                        "\" is no duration such as 250ms, 3s, 2m");
               target = *parsed;
           },
           help)
        ->type_name("DURATION");
}

std::string footer() {
    std::string text = "Faults (--fault KIND[:RATE], also at run time over --control):\n";
    for (std::size_t i = 0; i < fault_count; ++i) {
        const auto f = static_cast<fault>(i);
        text.append("  ").append(name(f)).append(24 - name(f).size(), ' ');
        text.append(explain(f)).append("\n");
    }
    text +=
        "RATE: 5% or 0.05 by chance, \"every 100\" or every=100, once; without one: always.\n"
        "\n"
        "Commands on the --control socket, one a line, each answered by one line:\n"
        "  stats                   counters as JSON\n"
        "  mo FROM TO TEXT         a text from a phone (8613800138000), in parts when it is long\n"
        "  mo-hex FROM TO DCS HEX  the same as octets, e.g. mo-hex 4917000 1069 8 9000 8BA2\n"
        "  mo-udh FROM TO DCS HEX  the same; the octets begin with a user data header\n"
        "  fault KIND[:RATE]       switch a fault on or change its rate\n"
        "  clear [KIND]            switch it off, or all\n"
        "  faults                  what is switched on\n"
        "  close                   reset all links\n"
        "  quit                    as SIGTERM\n"
        "\n"
        "The first line on stdout is `listening ADDRESS:PORT`. SIGUSR1 and the end print the\n"
        "counters as one line of JSON.\n"
        "\n"
        "Example: posthorn-sim smpp --receipt-delay 1s --outcomes delivered=97,undelivered=3 \\\n"
        "             --outcome 0001=expired --fault throttle:1%";
    return text;
}

void add_link_options(CLI::App& app, options& o) {
    app.add_option("--bind", o.bind_address, "Address to listen on")->capture_default_str();
    app.add_option("--port", o.port, "Port to listen on; 0 takes a free one")
        ->capture_default_str();
    app.add_option("--system-id", o.system_id, "The only system_id that may bind (default: any)");
    app.add_option("--password", o.password, "The password it must give (default: any)");
    app.add_option("--tls-cert", o.tls_cert, "Speak TLS with this certificate (PEM)")
        ->type_name("FILE");
    app.add_option("--tls-key", o.tls_key, "Its key (default: in the same file)")
        ->type_name("FILE");
    app.add_option("--tls-client-ca", o.tls_client_ca, "Ask clients for a certificate of this CA")
        ->type_name("FILE");
    app.add_option("--window", o.window,
                   "Refuse more than N unanswered submits on a link (0: never)")
        ->capture_default_str();
    app.add_option_function<std::string>(
           "--window-status",
           [&o](const std::string& word) {
               o.window_status = word == "queue-full" ? status::queue_full : status::throttled;
           },
           "How: throttled (0x58) or queue-full (0x14)")
        ->check(CLI::IsMember({"throttled", "queue-full"}))
        ->default_str("throttled");
    app.add_option("--rate", o.rate,
                   "Throttle (0x58) more than N submits a second from a system_id (0: never)")
        ->capture_default_str();
    app.add_option("--deliver-window", o.deliver_window,
                   "Most receipts and texts unanswered on a link; the rest waits")
        ->check(CLI::Range(1, 1'000'000))
        ->capture_default_str();
    add_duration(app, "--response-delay", o.response_delay, "Answer a submit after this time");
    add_duration(app, "--enquire-link", o.enquire_link,
                 "Send enquire_link on every link this often (default: never)");
}

void add_outcome_options(CLI::App& app, options& o) {
    app.add_option_function<std::string>(
           "--id",
           [&o](const std::string& word) {
               o.ids = word == "hex"   ? id_style::hex
                       : word == "dec" ? id_style::dec
                                       : id_style::uuid;
           },
           "How message ids are written")
        ->check(CLI::IsMember({"hex", "dec", "uuid"}))
        ->default_str("hex");
    add_duration(app, "--receipt-delay", o.receipt_delay, "Send a receipt after this time");
    add_duration(app, "--late", o.late, "How much later the fault late-receipt is (default 5s)");
    app.add_flag("--one-receipt", o.one_receipt,
                 "Send one receipt for all parts of a long text, with the id of the last");
    app.add_option("--outcomes", o.shares,
                   "Shares of what becomes of texts, e.g. delivered=95,undelivered=3,expired=2; "
                   "which number gets which follows from a hash of number and seed")
        ->type_name("LIST");
    app.add_option("--outcome", o.suffixes,
                   "SUFFIX=OUTCOME: what becomes of texts to numbers that end so: delivered, "
                   "undelivered, expired, rejected, deleted, unknown, accepted, enroute, none")
        ->type_name("RULE")
        ->take_all();
    app.add_option("--refuse", o.refusals,
                   "SUFFIX=STATUS: answer texts to numbers that end so with this command_status, "
                   "e.g. 0009=0x0B")
        ->type_name("RULE")
        ->take_all();
}

void add_fault_options(CLI::App& app, options& o) {
    app.add_option("--seed", o.seed, "Seed of outcomes and faults")->capture_default_str();
    app.add_option("--fault", o.fault_list, "Misbehave: KIND[:RATE], see below")
        ->type_name("FAULT")
        ->take_all();
    app.add_flag("--echo-reference", o.echo_reference, "Return user_message_reference in receipts");
}

void add_watch_options(CLI::App& app, options& o) {
    app.add_option("--log", o.log, "Append one line of JSON per submit, receipt and text to FILE")
        ->type_name("FILE");
    app.add_option_function<std::string>(
           "--log-fields", [&o](const std::string& word) { o.log_minimal = word == "minimal"; },
           "full, or minimal for speed (a hash instead of the text)")
        ->check(CLI::IsMember({"full", "minimal"}))
        ->default_str("full");
    app.add_option("--control", o.control, "Take commands on this Unix socket, see below")
        ->type_name("PATH");
    app.add_flag("!--no-repeats", o.count_repeats, "Do not watch for texts submitted twice");
}

// Lists are checked here, so that a mistake is told before anything listens.
std::optional<std::string> check_lists(const options& o) {
    outcomes rules(o.seed);
    faults list(o.seed);
    if (!o.shares.empty())
        if (auto wrong = rules.set_shares(o.shares))
            return "--outcomes: " + *wrong;
    for (const auto& text : o.suffixes)
        if (auto wrong = rules.add_suffix(text))
            return "--outcome: " + *wrong;
    for (const auto& text : o.refusals)
        if (auto wrong = rules.add_refusal(text))
            return "--refuse: " + *wrong;
    for (const auto& text : o.fault_list) {
        if (auto wrong = list.set(text))
            return "--fault: " + *wrong;
        if (text.starts_with(name(fault::id_base)) && o.ids == id_style::uuid)
            return std::string("--fault id-base: an id of --id uuid has no base; use hex or dec");
    }
    return std::nullopt;
}

} // namespace

std::optional<milliseconds> parse_duration(std::string_view text) {
    std::int64_t number = 0;
    const auto* end = text.data() + text.size();
    const auto parsed = std::from_chars(text.data(), end, number);
    if (parsed.ec != std::errc{} || number < 0 || number > 86'400'000)
        return std::nullopt;
    const std::string_view unit(parsed.ptr, static_cast<std::size_t>(end - parsed.ptr));
    std::int64_t scale = 0;
    if (unit == "ms" || (unit.empty() && number == 0))
        scale = 1;
    else if (unit == "s")
        scale = 1'000;
    else if (unit == "m")
        scale = 60'000;
    else
        return std::nullopt;
    if (number * scale > 86'400'000)
        return std::nullopt;
    return milliseconds(number * scale);
}

command_line read_command_line(int argc, char** argv) {
    command_line line;
    CLI::App app("A carrier for tests: an SMPP 3.4 message centre that takes every bind and every "
                 "text, sends receipts, and misbehaves on request.",
                 "posthorn-sim smpp");
    add_link_options(app, line.chosen);
    add_outcome_options(app, line.chosen);
    add_fault_options(app, line.chosen);
    add_watch_options(app, line.chosen);
    app.footer(footer());
    try {
        app.parse(argc, argv);
    } catch (const CLI::ParseError& e) {
        line.exit_code = app.exit(e) == 0 ? 0 : 2;
        return line;
    }
    if (const auto wrong = check_lists(line.chosen)) {
        std::cerr << "posthorn-sim smpp: " << *wrong << "\n";
        line.exit_code = 2;
    }
    return line;
}

} // namespace posthorn::smpp::simulator
