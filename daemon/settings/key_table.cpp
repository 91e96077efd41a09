#include "settings/key_table.hpp"

#include <algorithm>

namespace posthorn::settings {

namespace {

constexpr auto restart = takes_effect::on_restart;

constexpr known_key of_daemon[] = {
    {"state_dir", "path", "/var/lib/posthorn",
     "live.db and history/: what must not be lost. A local disk.", restart},
    {"outbox_dir", "path", "outbox in state_dir",
     "One SOURCE.db for each source, written by business systems.", restart},
    {"result_dir", "path", "result in state_dir",
     "One SOURCE.db for each source: what became of its events.", restart},
    {"plugin_dir", "path", POSTHORN_PLUGIN_DIR, "Adapters: one NAME.so each.", restart},
    {"types_dir", "path", "types", "One NAME.yaml for each type of event."},
    {"accounts_dir", "path", "accounts.d", "One ACCOUNT.yaml for each contract with a carrier."},
    {"socket", "path, at most 107 octets", "/run/posthorn/posthorn.sock",
     "Where `posthorn` reaches the daemon.", restart},
    {"zone", "time zone", "Asia/Shanghai",
     "For dates and times in texts of types without a zone, and the days of quotas."},
    {"countries", "list", "China",
     "Whose national numbers sources may write; others need '+' or '00'."},
    {"countries[].name", "text", "", "For people."},
    {"countries[].calling_code", "1 to 3 digits", "", "Without '+'."},
    {"countries[].trunk_prefix", "digits", "none", "What is dialled before a national number."},
    {"countries[].mobile", "digits, x, [3-9]", "",
     "National mobile numbers: x is any digit, [3-9] one of them."},
    {"sources", "map", "", "The business systems that may send, by name."},
    {"sources.NAME", "map", "", "NAME is that of its file in outbox_dir, without .db."},
    {"sources.NAME.types", "list, or: all", "", "The types it may use."},
    {"sources.NAME.callback", "map", "none", "Where the source is told what became of its events."},
    {"sources.NAME.callback.url", "URL", "", "https, or http on this machine."},
    {"sources.NAME.callback.secret", "secret", "",
     "What callbacks are signed with: whsec_ and base64."},
    {"sources.NAME.callback.retry_for", "duration 1m..90d", "72h",
     "So long a callback that is not taken is tried again."},
    {"sources.NAME.quota", "map", "none", "How many events it may hand in, by all ways together."},
    {"sources.NAME.quota.per_minute", "number 1..1000000000", "no limit",
     "From :00 of one minute to the next."},
    {"sources.NAME.quota.per_day", "number 1..1000000000", "no limit",
     "From midnight to midnight in `zone`."},
    {"sources.NAME.extension", "digits", "none",
     "Its texts leave from an account's sender and these digits; what is texted there is passed "
     "on."},
    {"sources.NAME.acknowledge", "map", "none",
     "What a phone is told whose text is passed on, by language; none: what the source itself "
     "says."},
    {"http", "map", "none",
     "HTTP for business systems, health and metrics; without it there is none.", restart},
    {"http.listen", "ADDRESS:PORT, or: off", "127.0.0.1:8650",
     "Beyond this machine only with certificate and key.", restart},
    {"http.certificate", "path", "none", "PEM: the certificate and what it was signed with.",
     restart},
    {"http.key", "path", "none", "PEM: the certificate's private key.", restart},
    {"http.body", "size 1KiB..64MiB", "1MiB", "No request has a longer body.", restart},
    {"http.header_wait", "duration 1s..10m", "10s",
     "From a request's first octet to the end of its header.", restart},
    {"http.body_wait", "duration 1s..10m", "30s", "For a request's body.", restart},
    {"http.idle_wait", "duration 1s..1h", "60s", "Between two requests of a connection.", restart},
    {"http.connections", "number 1..10000", "256", "In all.", restart},
    {"http.connections_per_address", "number 1..10000", "64", "From one address.", restart},
    {"http.requests_per_second", "number 1..100000", "200", "With one token.", restart},
    {"max_parts", "number 1..255", "10", "A text that needs more parts is parked."},
    {"retry", "map", "its defaults", "When a carrier says \"later\"."},
    {"retry.first", "duration 1s..1h", "30s", "The first wait; then twice as long each time."},
    {"retry.longest", "duration 1s..24h", "1h", "No wait is longer."},
    {"receipt_wait", "duration 0s..30d", "24h",
     "So long after its validity a message may still get its receipt; then it is unconfirmed."},
    {"keep_results", "duration 1h..3660d", "90d", "So long rows stay in result_dir."},
    {"keep_history", "duration 31d..36600d", "1095d",
     "So long finished messages stay in state_dir/history, and operations in the log."},
    {"keep_history_of", "map", "none", "Categories whose messages stay longer or shorter."},
    {"keep_history_of.statutory", "duration 31d..36600d", "keep_history",
     "Messages of types of this category."},
    {"keep_history_of.service", "duration 31d..36600d", "keep_history", "As statutory."},
    {"keep_history_of.billing", "duration 31d..36600d", "keep_history", "As statutory."},
    {"keep_history_of.marketing", "duration 31d..36600d", "keep_history", "As statutory."},
    {"keep_history_of.survey", "duration 31d..36600d", "keep_history", "As statutory."},
    {"keep_history_of.staff", "duration 31d..36600d", "keep_history", "As statutory."},
    {"stop_within", "duration 1s..1h", "60s",
     "After SIGTERM: then the process ends with what it has in hand."},
    {"brake", "map", "its defaults",
     "Pauses a run that begins badly; of statutory and urgent messages it only warns."},
    {"brake.enabled", "on|off", "on", "Off: nothing is counted and nothing paused."},
    {"brake.first", "number 1..100000", "100",
     "So many messages of a run leave; then it is paused until their receipts are good."},
    {"brake.enough", "number 1..first", "20", "So many of them must have ended to judge by."},
    {"brake.good", "number 1..100", "80", "Percent of those that must be delivered."},
    {"brake.rejects", "number 1..100", "20",
     "More refusals than this percentage of a run's last 200 answers pause it."},
    {"brake.most_in_an_hour", "map", "none", "More messages of a source and type pause the type."},
    {"brake.most_in_an_hour.NAME", "number 1..1000000000", "", "NAME is a type."},
    {"people", "map", "its defaults", "PINs and binding codes of people who text in."},
    {"people.pin_tries", "number 1..100", "5",
     "So many wrong PINs or codes lock the number; then one more each time, for twice as long."},
    {"people.locked_for", "duration 1s..24h", "15m", "The first lock; none is longer than 24h."},
    {"people.code_valid", "duration 1m..3660d", "30d", "So long a binding code may be used."},
    {"consent", "map", "its defaults", "By which words a phone opts out and comes back."},
    {"consent.out", "words by language",
     "退订, 取消订阅, TD; STOP, STOPALL, UNSUBSCRIBE, QUIT, END",
     "Opt out, at any time: of what `categories` names after it, else of all."},
    {"consent.in", "words by language", "恢复, 恢复订阅; START, UNSTOP", "Come back, likewise."},
    {"consent.out_after_hint", "words by language", "T, N, R, QX, 取消, 0000; CANCEL",
     "Opt out of all, with no question open and after a text of a type with `opt_out_hint`."},
    {"consent.hint_for", "duration 1h..90d", "7d", "So long after such a text."},
    {"consent.categories", "map", "its defaults",
     "What a phone calls each category, and `all`, by language."},
    {"consent.answers", "map", "its defaults",
     "What a phone is told, by language: out, in, unchanged, stays; {what} is the category."},
    {"lookups_dir", "path", "lookups", "One NAME.yaml for each question to the systems below."},
    {"systems", "map", "none", "Your own databases and HTTP interfaces that lookups ask, by name."},
    {"systems.NAME", "map", "",
     "Exactly one of sqlite, postgresql, http and handler; a handler's options stand beside it."},
    {"systems.NAME.sqlite", "path", "none", "A database file; it is only read."},
    {"systems.NAME.postgresql", "connection string", "none",
     "host=… dbname=… user=…, as libpq has it; without the password."},
    {"systems.NAME.password", "secret", "none", "postgresql: the user's password."},
    {"systems.NAME.http", "URL", "none",
     "What the paths of its lookups follow; https, or http on this machine."},
    {"systems.NAME.token", "secret", "none", "http: sent as `Authorization: Bearer`."},
    {"systems.NAME.handler", "plugin", "none", "Answers by code: `posthornd --describe HANDLER`."},
    {"systems.NAME.connections", "number 1..32", "2 (sqlite), 4",
     "So many questions are under way at once."},
    {"systems.NAME.breaker", "map", "its defaults", "Leaves a system alone that does not answer."},
    {"systems.NAME.breaker.failures", "number 1..1000", "5",
     "After so many failures in a row nothing is asked"},
    {"systems.NAME.breaker.pause", "duration 1s..10m", "10s",
     "for so long; then one question tries."},
    {"commands_dir", "path", "commands",
     "One NAME.yaml for each query code; where there is none, texts from phones are only kept."},
    {"phrases", "path", "phrases.yaml", "What the daemon itself says to phones."},
    {"inbound", "map", "its defaults", "Texts from phones."},
    {"inbound.join_within", "duration 10s..24h", "10m",
     "So long the other parts of a long text are waited for."},
    {"inbound.question_for", "duration 1m..24h", "10m",
     "So long a phone's answer to a question is waited for."},
    {"inbound.patience", "duration 100ms..5m", "3s",
     "What takes longer is first told to be in hand."},
    {"inbound.per_minute", "number 1..1000000", "10", "Texts of one phone that are answered."},
    {"inbound.per_hour", "number 1..1000000", "60", "Likewise."},
    {"inbound.nuisance_after", "number 0..1000000", "5",
     "A phone that went beyond these so often within a day is a nuisance; 0: never."},
    {"inbound.nuisance_for", "duration 1m..365d", "24h", "It is not answered for so long."},
    {"inbound.per_second", "number 0..1000000", "2000",
     "Texts of all phones together that are answered; what is more waits. 0: no limit."},
    {"inbound.blocked", "list", "none", "Numbers that are never answered."},
    {"inbound.destinations", "list", "none", "Numbers of ours whose texts belong to a source."},
    {"inbound.destinations[].number", "digits", "", "With * after them: all that begin so."},
    {"inbound.destinations[].source", "name", "", "Which gets them."},
    {"inbound.destinations[].acknowledge", "map", "that of the source",
     "What a phone is told, by language."},
    {"inbound.question_extensions", "list of digits", "none",
     "Questions leave from the account's sender and one of these: several may be open at once."},
    {"topics_dir", "path", "topics", "One NAME.yaml for each topic that phones may subscribe to."},
    {"timers_dir", "path", "timers", "One NAME.yaml for each timer: what is made later of events."},
    {"forbidden_words", "path", "none",
     "Words that no text may have, one a line: for `posthorn lint`."},
    {"policy", "path", "policy.yaml",
     "Quiet hours, caps and the like, by category, and budgets; no such file: none of them."},
    {"routes", "path", "routes.yaml",
     "Which accounts carry what, and in which order; no such file: all carry everything."},
};

constexpr known_key of_account[] = {
    {"adapter", "plugin", "", "Speaks the carrier's protocol."},
    {"enabled", "on|off", "on", "Off: as if the file were not there."},
    {"delivery", "test|live", "test",
     "test: only numbers in `allow` get anything, all else ends suppressed."},
    {"allow", "list of numbers", "none",
     "Who gets messages when delivery is test; of email: addresses."},
    {"pool", "name", "sms or email",
     "Messages queue for a pool; each of its accounts may carry them."},
    {"rate", "number 0..100000", "0", "Parts per second by contract; 0: no limit."},
    {"carries", "map", "everything",
     "What its contract is for: categories, prefixes, not_prefixes, carriers, longest, hours."},
    {"prices", "map", "none",
     "Of a part, by prefix of the number, and `other`: decimals; with a `currency`."},
    {"weight", "number 1..1000", "none",
     "Its share beside accounts of equal rank; without one whoever has room takes."},
    {"takes_back", "yes|no", "no",
     "Yes: its carrier takes back texts when it is asked in time; withdrawn ones are."},
    {"extensions", "yes|no", "no",
     "Yes: its sender may be followed by the `extension` of a source or a question."},
    {"national_tables", "list of turkish|spanish|portuguese", "none",
     "Languages whose tables of GSM 7-bit texts may announce: 155 characters of them in a part, "
     "not "
     "70."},
    {"signature", "ours|carrier", "ours",
     "carrier: it puts the signature before each text; ours is cut off, and its length counted."},
    {"carrier_adds", "text", "the signature cut off",
     "What the carrier puts before a text: counted with its first part, and not sent."},
    {"forbidden_characters", "text", "none",
     "A text with one of them does not go by this account."},
    {"replace_characters", "map of character to text", "none",
     "What texts have instead of characters that the carrier does not take."},
    {"options", "map", "none", "The adapter's own: `posthornd --describe ADAPTER`."},
};

void describe_to(std::string& text, std::span<const known_key> keys) {
    for (const auto& k : keys) {
        text += "\n  " + std::string(k.path) + ": ";
        text += k.fallback.empty() ? "(required)" : std::string(k.fallback);
        text += "    [" + std::string(k.kind) + "]";
        text += k.when == takes_effect::on_restart ? "    (a new value needs a restart)" : "";
        text += "\n      " + std::string(k.help) + "\n";
    }
}

} // namespace

std::span<const known_key> daemon_keys() { return of_daemon; }
std::span<const known_key> account_keys() { return of_account; }

const known_key* daemon_key(std::string_view path) {
    const auto* found = std::ranges::find(of_daemon, path, &known_key::path);
    return found == std::end(of_daemon) ? nullptr : found;
}

std::string describe_keys() {
    std::string text = "posthorn.yaml (relative paths begin at its folder):\n";
    describe_to(text, daemon_keys());
    text += "\naccounts.d/ACCOUNT.yaml:\n";
    describe_to(text, account_keys());
    return text;
}

} // namespace posthorn::settings
