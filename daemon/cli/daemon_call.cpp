#include "cli/daemon_call.hpp"

#include "cli/json_text.hpp"
#include "cli/printable.hpp"
#include "cli/site.hpp"

namespace posthorn::cli {

using boost::json::value;

socket_client daemon_of(const shared_options& shared, std::chrono::seconds patience) {
    if (!shared.socket.empty())
        return {shared.socket, "--socket", patience};
    const auto site = load_site(config_path(shared.config));
    return {site.socket, "`socket:` in " + site.file.string(), patience};
}

boost::json::object
given(std::initializer_list<std::pair<std::string_view, std::string_view>> texts) {
    boost::json::object body;
    for (const auto& [name, text] : texts)
        if (!text.empty())
            body[name] = text;
    return body;
}

value must(result<value> answer) {
    if (!answer)
        throw failure(answer.error().reason);
    return std::move(*answer);
}

int print(const shared_options& shared, const value& answer, std::string (*page)(const value&),
          console& to) {
    if (shared.json)
        to.out << json_line(answer);
    else
        to.out << printable(page(answer));
    return fine;
}

int tell(const shared_options& shared, const value& answer, const std::string& sentence,
         console& to) {
    if (shared.json)
        to.out << json_line(answer);
    else
        to.out << printable(sentence + '\n');
    return fine;
}

} // namespace posthorn::cli
