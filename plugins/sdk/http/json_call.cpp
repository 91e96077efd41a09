#include "sdk/http/json_call.hpp"

#include "sdk/http/json_text.hpp"
#include "sdk/report_state.hpp"

#include <boost/json/array.hpp>

namespace posthorn::sdk {

http_callback read_json_call(const call& c, std::string_view secret, const json_answers& say,
                             void (*read_one)(const boost::json::value&, http_callback& to)) {
    if (!http_callback::at_secret_path(c, secret))
        return http_callback::stranger();
    http_callback out;
    out.answer = {200, "application/json", std::string(say.taken)};
    const auto body = read_json(c.body);
    if (!body)
        out.answer = {400, "application/json", std::string(say.no_json)};
    else if (body->is_array())
        for (const auto& one : body->get_array())
            read_one(one, out);
    else
        read_one(*body, out);
    return out;
}

receipt_state state_told(bool arrived, std::string_view stat) {
    if (arrived)
        return receipt_state::delivered;
    return state_of(stat) == report_state::expired ? receipt_state::expired
                                                   : receipt_state::undelivered;
}

} // namespace posthorn::sdk
