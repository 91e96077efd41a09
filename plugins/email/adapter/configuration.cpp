#include "email/adapter/configuration.hpp"

#include <algorithm>

namespace posthorn::email {

namespace {

using enum sdk::option::kind;

constexpr std::int64_t second = 1000;

constexpr sdk::option options[] = {
    {.name = "url",
     .required = true,
     .help =
         "The mail server: smtp://HOST[:PORT], or smtps:// where TLS comes first. A path is the "
         "name we introduce ourselves with."},
    {.name = "tls",
     .what = choice,
     .fallback = "auto",
     .choices = "auto|on|off",
     .help = "STARTTLS, verified, or nothing is sent; auto: on except towards this machine."},
    {.name = "tls_ca",
     .what = secret,
     .help = "The server's CA certificates (PEM); empty: those this machine trusts."},
    {.name = "user", .help = "Where the server asks for one."},
    {.name = "password", .what = secret, .help = "Of `user`."},
    {.name = "from", .required = true, .help = "The address letters come from."},
    {.name = "from_name", .help = "The name beside it, as people read it."},
    {.name = "reply_to", .help = "Where answers of people go; empty: to `from`."},
    {.name = "return_path",
     .help = "Where mail servers report what they could not deliver; empty: to `from`."},
    {.name = "bounces",
     .help = "The Maildir folder in which mail to `return_path` arrives on this machine; empty: "
             "nobody reads it."},
    {.name = "look_every",
     .what = interval,
     .fallback = "10s",
     .least = 100,
     .most = 3600 * second,
     .help = "How often the folder is looked at."},
    {.name = "connections",
     .what = integer,
     .fallback = "4",
     .least = 1,
     .most = 100,
     .help = "How many letters may be on their way at once, each over a connection of its own."},
    {.name = "timeout",
     .what = interval,
     .fallback = "2m",
     .least = second,
     .most = 600 * second,
     .help = "For one letter, with all that the server has to say; after its last dot it is "
             "uncertain then."},
};

bool is_this_machine(std::string_view url) {
    auto host = url.substr(std::min(url.find("://") + 3, url.size()));
    host = host.substr(0, host.find('/'));
    for (const std::string_view own : {"127.", "localhost", "[::1]"})
        if (host.starts_with(own) &&
            (own == "127." || host.size() == own.size() || host[own.size()] == ':'))
            return true;
    return false;
}

bool is_address(std::string_view text) {
    const auto at = text.find('@');
    return at != text.npos && at > 0 && at + 1 < text.size() &&
           text.find('@', at + 1) == text.npos && std::ranges::all_of(text, [](char c) {
               return c > 0x20 && c < 0x7F && c != '<' && c != '>' && c != ',' && c != '"';
           });
}

} // namespace

configuration::configuration(const sdk::options& o)
    : url(o.text("url")), user(o.text("user")), password(o.text("password")), ca(o.text("tls_ca")),
      from(o.text("from")), from_name(o.text("from_name")), reply_to(o.text("reply_to")),
      return_path(o.text("return_path")), bounces(o.text("bounces")),
      look_every(o.duration("look_every")), timeout(o.duration("timeout")),
      connections(static_cast<unsigned>(o.integer("connections"))) {
    const auto& wish = o.text("tls");
    tls = url.starts_with("smtps://") || wish == "on" || (wish != "off" && !is_this_machine(url));
    if (return_path.empty())
        return_path = from;
    std::erase_if(from_name, [](char c) { return c >= 0 && c < 0x20; });
}

std::string configuration::mistake() const {
    if (!url.starts_with("smtp://") && !url.starts_with("smtps://"))
        return "url: write smtp://HOST or smtps://HOST";
    for (const auto& [name, address] : {std::pair{"from", &from}, std::pair{"reply_to", &reply_to},
                                        std::pair{"return_path", &return_path}})
        if (!address->empty() && !is_address(*address))
            return std::string(name) + ": '" + *address + "' is no address";
    return {};
}

const std::span<const sdk::option> option_table = options;

} // namespace posthorn::email
