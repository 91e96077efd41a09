#include "lookups/http_answer.hpp"

#include "lookups/exact_json.hpp"
#include "lookups/json_rows.hpp"

namespace posthorn::lookups {

namespace {

namespace json = boost::json;

constexpr long too_many_requests = 429;
constexpr long not_found = 404;
constexpr long no_content = 204;

} // namespace

answer read_http_answer(const lookup& of, long status, std::string_view body) {
    const auto why = "it answers " + std::to_string(status);
    if (status == not_found || status == no_content)
        return json::array();
    if (status >= 500 || status == too_many_requests)
        return failed{failure::down, why};
    if (status != 200)
        return failed{failure::refused, why};
    const auto parsed = parse_exact(body);
    if (!parsed)
        return failed{failure::bad_data, "it does not answer in JSON"};
    boost::system::error_code ec;
    const auto* found = parsed->find_pointer(of.rows, ec);
    if (found == nullptr)
        return failed{failure::bad_data, "the answer has nothing at " + of.rows};
    return found->is_null() ? json::array() : rows_of(of, *found);
}

} // namespace posthorn::lookups
