#include "feedback/callback_request.hpp"

#include "tokens/digest.hpp"

#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>

namespace posthorn::feedback {

callback_request make_callback(const store::result_row& row, std::string_view source,
                               std::string_view secret, instant now) {
    using boost::json::object;
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
    callback_request out;
    out.id = "res_" + std::to_string(row.event) + "_" + std::to_string(row.version);
    out.body = boost::json::serialize(object{{"type", "result"}, {"data", std::move(data)}});
    const auto seconds =
        std::to_string(std::chrono::floor<std::chrono::seconds>(now).time_since_epoch().count());
    const auto signature =
        tokens::base64(tokens::hmac_sha256(secret, out.id + "." + seconds + "." + out.body));
    out.headers = {"Content-Type: application/json", "webhook-id: " + out.id,
                   "webhook-timestamp: " + seconds, "webhook-signature: v1," + signature};
    return out;
}

} // namespace posthorn::feedback
