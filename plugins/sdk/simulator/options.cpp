#include "sdk/simulator/options.hpp"

#include <CLI/CLI.hpp>

#include <charconv>
#include <iostream>

namespace posthorn::simulator {

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

void add_listening(CLI::App& app, options& o) {
    app.add_option("--bind", o.bind_address, "Address to listen on")->capture_default_str();
    app.add_option("--port", o.port, "Port to listen on; 0 takes a free one")
        ->capture_default_str();
}

void add_pace(CLI::App& app, options& o) {
    app.add_option("--window", o.window,
                   "Refuse more than N unanswered submits on a link (0: never)")
        ->capture_default_str();
    app.add_option("--rate", o.rate,
                   "Throttle more than N submits a second from an account (0: never)")
        ->capture_default_str();
    app.add_option("--deliver-window", o.deliver_window,
                   "Most receipts and texts unanswered on a link; the rest waits")
        ->check(CLI::Range(1, 1'000'000))
        ->capture_default_str();
    add_duration(app, "--response-delay", o.response_delay, "Answer a submit after this time");
}

void add_outcomes(CLI::App& app, options& o, const std::string& refusal_example) {
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
                   "SUFFIX=STATUS: answer texts to numbers that end so with this status, "
                   "e.g. " +
                       refusal_example)
        ->type_name("RULE")
        ->take_all();
}

void add_faults(CLI::App& app, options& o) {
    app.add_option("--seed", o.seed, "Seed of outcomes and faults")->capture_default_str();
    app.add_option("--fault", o.fault_list, "Misbehave: KIND[:RATE], see below")
        ->type_name("FAULT")
        ->take_all();
}

void add_watching(CLI::App& app, options& o) {
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

std::string footer(std::span<const known_fault> known, std::string_view example) {
    std::string text = "Faults (--fault KIND[:RATE], also at run time over --control):\n";
    for (const auto& one : known) {
        const auto kind = name(one.kind);
        text.append("  ").append(kind).append(24 - kind.size(), ' ');
        text.append(explain(one)).append("\n");
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
        "Example: ";
    return text.append(example);
}

std::optional<std::string> set_rules(const options& o, outcomes& rules, faults& list) {
    if (!o.shares.empty())
        if (auto wrong = rules.set_shares(o.shares))
            return "--outcomes: " + *wrong;
    for (const auto& text : o.suffixes)
        if (auto wrong = rules.add_suffix(text))
            return "--outcome: " + *wrong;
    for (const auto& text : o.refusals)
        if (auto wrong = rules.add_refusal(text))
            return "--refuse: " + *wrong;
    for (const auto& text : o.fault_list)
        if (auto wrong = list.set(text))
            return "--fault: " + *wrong;
    return std::nullopt;
}

std::optional<std::string> check(const options& o, std::span<const known_fault> known) {
    outcomes rules(o.seed, o.read_status);
    faults list(o.seed, known);
    return set_rules(o, rules, list);
}

std::optional<int> parse_command_line(CLI::App& app, int argc, char** argv,
                                      const std::function<std::optional<std::string>()>& check) {
    try {
        app.parse(argc, argv);
    } catch (const CLI::ParseError& e) {
        return app.exit(e) == 0 ? 0 : 2;
    }
    if (const auto wrong = check()) {
        std::cerr << app.get_name() << ": " << *wrong << "\n";
        return 2;
    }
    return std::nullopt;
}

} // namespace posthorn::simulator
