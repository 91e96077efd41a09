#include "feedback/callback_request.hpp"

#include "tokens/digest.hpp"

#include <boost/json/object.hpp>
#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>

namespace posthorn::feedback {

using boost::json::object;

namespace {

callback_request signed_as(std::string id, std::string type, object data, std::string_view secret,
                           instant now) {
    callback_request out{.id = std::move(id), .headers = {}, .body = {}};
    out.body = boost::json::serialize(object{{"type", type}, {"data", std::move(data)}});
    const auto seconds =
        std::to_string(std::chrono::floor<std::chrono::seconds>(now).time_since_epoch().count());
    const auto signature =
        tokens::base64(tokens::hmac_sha256(secret, out.id + "." + seconds + "." + out.body));
    out.headers = {"Content-Type: application/json", "webhook-id: " + out.id,
                   "webhook-timestamp: " + seconds, "webhook-signature: v1," + signature};
    return out;
}

} // namespace

callback_request make_callback(const store::result_row& row, std::string_view source,
                               std::string_view secret, instant now) {
    object data{{"source", source},
                {"key", row.key},
                {"type", row.type},
                {"run", row.run},
                {"event", std::to_string(row.event)},
                {"version", row.version},
                {"state", row.state},
                {"final", row.is_final},
                {"reason", row.reason},
                {"parts", row.parts},
                {"repeats", row.repeats},
                {"received_at", to_micros(row.received_at)},
                {"submitted_at", to_micros(row.submitted_at)},
                {"final_at", to_micros(row.final_at)}};
    return signed_as("res_" + std::to_string(row.event) + "_" + std::to_string(row.version),
                     "result", std::move(data), secret, now);
}

callback_request make_callback(const store::inbox_row& row, std::string_view source,
                               std::string_view secret, instant now) {
    boost::system::error_code no_json; // then as it is
    auto understood = boost::json::parse(row.data, no_json);
    if (no_json)
        understood = row.data;
    object data{{"source", source},
                {"id", std::to_string(row.id)},
                {"number", row.number},
                {"recipient", row.recipient},
                {"text", row.text},
                {"data", std::move(understood)},
                {"received_at", to_micros(row.received_at)}};
    return signed_as("in_" + std::to_string(row.id), "inbound." + row.kind, std::move(data), secret,
                     now);
}

} // namespace posthorn::feedback
