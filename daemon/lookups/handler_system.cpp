// A handler as a system. What it answers may come from any thread; here it becomes rows, on the loop.
#include "lookups/exact_json.hpp"
#include "lookups/json_rows.hpp"
#include "lookups/system.hpp"

#include <boost/asio/post.hpp>

#include <exception>

namespace posthorn::lookups {

namespace {

answer read(const lookup& of, const sdk::handler_answer& a) {
    switch (a.what) {
    case sdk::handler_answer::kind::down:
        return failed{failure::down, a.text};
    case sdk::handler_answer::kind::refused:
        return failed{failure::refused, a.text};
    case sdk::handler_answer::kind::rows:
        break;
    }
    if (a.text.size() > longest_body)
        return failed{failure::bad_data, "more than 1 MiB"};
    const auto parsed = parse_exact(a.text);
    if (!parsed || !parsed->is_array())
        return failed{failure::bad_data, "it does not answer with a JSON list"};
    return rows_of(of, *parsed);
}

sdk::handler_question asked_of(const question& q) {
    sdk::handler_question out{.query = q.of->query, .parameters = {}, .deadline = q.deadline};
    for (std::size_t i = 0; i < q.of->takes.size(); ++i)
        out.parameters.emplace_back(q.of->takes[i], q.values[i]);
    return out;
}

class handler_system : public system {
public:
    explicit handler_system(system_place place) : place_(std::move(place)) {}

    void ask(question q) override {
        const auto id = q.id;
        auto reply = [loop = place_.loop, told = place_.told, id,
                      of = q.of](sdk::handler_answer a) {
            boost::asio::post(loop, [told, id, of, a = std::move(a)] { told(id, read(*of, a)); });
        };
        std::string trouble;
        try {
            if (!handler_)
                handler_ =
                    place_.handler.plugin->create(place_.handler.options, place_.handler.folder);
            handler_->ask(asked_of(q), reply);
            return;
        } catch (const std::exception& e) {
            trouble = e.what();
        } catch (...) {
            trouble = "an exception that says nothing";
        }
        reply(sdk::handler_answer::down(std::move(trouble)));
    }

private:
    const system_place place_;
    std::unique_ptr<sdk::handler> handler_; // from the first question on
};

} // namespace

std::unique_ptr<system> make_handler_system(system_place place) {
    return std::make_unique<handler_system>(std::move(place));
}

} // namespace posthorn::lookups
