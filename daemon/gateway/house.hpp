// The rooms in one object: what lives as long as the daemon runs, and what goes on between them.
//
//   house.cpp          built, started, stopped          house_intake.cpp   outbox rows ─► desk ─► outbox
//   house_accounts.cpp lanes and their adapters         house_care.cpp     clock, disk, pulse, figures
//   house_api.cpp      what people ask                house_people.cpp   what people order
//   house_reload.cpp   another configuration          house_trial.cpp    an account is tried
//   house_backup.cpp   a copy of it all               house_history.cpp  months that are over
//   house_quota.cpp    who has handed in how much      house_consent.cpp  who opts out
//   house_erasure.cpp  numbers that are erased
//   house_answering.cpp  texts from phones       house_publishing.cpp  what topics publish
//   house_expansion.cpp  events for many         house_timers.cpp   what is made later
//   house_routes.cpp   which accounts carry what   house_estimate.cpp  what texts would cost
//
// All on the loop's thread but for what says otherwise.
#pragma once

#include "api/desk_watch.hpp"
#include "api/server.hpp"
#include "delivery/desk.hpp"
#include "delivery/sweeper.hpp"
#include "delivery/withdrawals.hpp"
#include "feedback/callbacks.hpp"
#include "feedback/teller.hpp"
#include "gateway/answering.hpp"
#include "gateway/differences.hpp"
#include "gateway/expansion_desk.hpp"
#include "gateway/gateway.hpp"
#include "gateway/heartbeat.hpp"
#include "gateway/letter_desk.hpp"
#include "gateway/publishing_desk.hpp"
#include "gateway/timer_desk.hpp"
#include "gateway/trial.hpp"
#include "gateway/web_intake.hpp"
#include "intake/drain.hpp"
#include "runtime/clocks.hpp"
#include "runtime/task_group.hpp"
#include "store/number_finder.hpp"
#include "store/pruner.hpp"
#include "store/sealer.hpp"
#include "store/search.hpp"

#include <boost/asio/io_context.hpp>
#include <boost/asio/thread_pool.hpp>

#include <map>
#include <memory>
#include <optional>
#include <random>
#include <set>
#include <stop_token>
#include <string>
#include <unordered_map>
#include <vector>

namespace posthorn::gateway {

namespace asio = boost::asio;

class house {
public:
    house(std::shared_ptr<const configuration> c, logger log);
    void run();

private:
    void number_names();
    void keep_wordings();
    void learn(std::string_view kind, const std::string& name, name_id number);
    delivery::lane& open_lane(const account& a);
    delivery::lane_settings lane_settings_of(const account& a) const;
    void keep_learned();
    void wire_intake();
    answering_surroundings answering_needs();
    publishing_needs needs_of_publishing();
    expansion_needs needs_of_expansion();
    timer_needs needs_of_timers();
    letter_needs needs_of_letters();
    message place_of(const event& of) const; // where its messages wait
    void use_routes();
    name_id pool_of(const message& m) const; // of its channel, or as the routes ask
    delivery::seats seats() const;
    routing::qualities qualities() const;
    std::string why_it_cannot(const std::string& account) const;
    api::text_trial try_route(const api::tried_route& what) const;
    void tell_parts(boost::json::object& row, const routing::judgement& j, const std::string& text,
                    unsigned as_made) const;
    unsigned parts_as_made(const std::string& text) const;
    boost::system::result<unsigned, std::string>
    parts_by(const std::string& account, const std::string& text, unsigned as_made) const;
    std::optional<std::size_t> first_account_of(std::size_t pool) const;
    api::text_trial estimate(const std::string& type_name,
                             const std::vector<api::estimated_text>& texts) const;
    void tell_pools(api::status_snapshot& s) const;
    std::vector<std::string> unpublished() const;
    std::vector<std::string> unexpanded() const;
    void open_to_network();
    std::vector<feedback::endpoint> endpoints() const;
    feedback::told_sources told_sources() const;
    delivery::desk_settings desk_settings() const;
    api::surroundings api_surroundings();

    void take(const std::string& source, std::vector<intake::prepared> rows);
    std::string closed(const std::string& source) const;
    store::add_event completed(name_id source, intake::prepared row) const;
    void taken_in(name_id source, const delivery::taken_rows& rows);
    std::map<name_id, std::int64_t> taken_in_today(instant until) const;
    void add_earlier(const std::map<name_id, std::int64_t>& events);
    void mind_quotas();
    void mind_the_clock(bool note, store::operation by = {});
    void look_at_tokens();
    void question_store();
    api::health_figures health() const;
    asio::awaitable<void> measure_disk();
    std::string trouble() const;
    void retry(std::vector<store::parked_event> events, store::operation by,
               std::function<void(api::retry_counts)> done);

    void resend(store::whole_message earlier, bool repeat, store::operation by,
                std::function<void(posthorn::id)> done);
    void send(api::manual_text what, store::operation by, std::function<void(api::sent_text)> done);
    std::string pause(const scope& which, bool stopped, store::operation by,
                      std::function<void(std::int64_t)> done);

    void cancel_event(posthorn::id event, store::operation by, std::function<void()> done);
    void set_consent(store::set_consent what, std::function<void(store::outcome)> done);
    void know_people(const store::recovered& found);
    void use_people(const std::vector<store::op>& committed);
    std::string spared(const std::string& type, const std::string& account) const;
    asio::awaitable<void> heed(sdk::opt_out word, std::function<void(bool heeded)> done);
    asio::awaitable<bool> heed(const sdk::opt_out& word);

    asio::awaitable<void> keep_running(delivery::lane& lane);
    bool may_go_on(delivery::lane& lane);
    bool begin_again(delivery::lane& lane);
    void end_link(delivery::lane& lane);
    void change_accounts(const configuration& before);
    asio::awaitable<void> let_go();

    void try_account(const std::string& name, std::function<void(api::account_trial)> done);
    asio::awaitable<void> try_alone(account which, std::function<void(api::account_trial)> done);

    void rehearse(api::tried_text what, std::function<void(api::text_trial)> done);
    asio::awaitable<void> rehearse_it(api::tried_text what,
                                      std::function<void(api::text_trial)> done);

    void answer_reload(api::reload_wish wish, std::function<void(api::reload_report)> done);
    asio::awaitable<void> reload(api::reload_wish wish,
                                 std::function<void(api::reload_report)> done);
    asio::awaitable<void> try_reload(const api::reload_wish& wish, api::reload_report& report);
    asio::awaitable<std::string> live_rows_of(const differences& found);
    asio::awaitable<void> number_new_names(const configuration& next);
    asio::awaitable<void> keep_new_wordings(configuration& next, std::string who);
    void put_in_force(std::shared_ptr<const configuration> next);
    void tell_reload(const api::reload_wish& wish, const api::reload_report& report);

    void back_up(std::string into, store::operation by,
                 std::function<void(api::backup_answer)> done);
    asio::awaitable<void> copy_all(std::string into, store::operation by,
                                   std::function<void(api::backup_answer)> done);

    asio::awaitable<void> seal_months();
    void erase(std::string number, store::operation by,
               std::function<void(api::erasure_answer)> done);
    asio::awaitable<void> begin_erasing(std::string number, store::operation by,
                                        std::function<void(api::erasure_answer)> done);
    void erase_those_under_way();
    asio::awaitable<void> erase_them();
    asio::awaitable<void> erase_one(store::erasure what);
    asio::awaitable<std::int64_t> erase_pass(const store::erased_number& of, std::string& from);
    asio::awaitable<void> outboxes_are_clear(const store::erased_number& of);
    asio::awaitable<void> overwrite_what_is_free();
    asio::awaitable<void> empty_logs();
    store::erased_number erased(std::string number) const;
    asio::awaitable<std::vector<store::outcome>> committed(std::vector<store::op> ops);
    asio::awaitable<void> rest(duration how_long);

    asio::awaitable<void> prune_months();
    store::keeping kept_in_months() const;
    void tell_pruned(const store::pruned_month& done);
    asio::awaitable<void> seal_those_due();
    void tell_sealed(const store::sealed_month& done, duration took);

    asio::awaitable<void> end_subscriptions();

    asio::awaitable<void> pulse();
    asio::awaitable<void> look_after();
    asio::awaitable<void> give_up_overdue();
    asio::awaitable<void> mind_signals();
    asio::awaitable<void> stop();
    asio::awaitable<void> all_told();
    void summary();

    std::shared_ptr<const configuration> c_;
    logger log_;
    std::mt19937 random_{std::random_device{}()};
    asio::io_context loop_{1};
    asio::thread_pool reads_{1}, backups_{1}, seals_{1}, erases_{1};
    clock_guard clock_{runtime::read_clocks()};
    const std::function<instant()> now_ = [this] {
        return clock_.now(runtime::read_clocks());
    }; // any thread
    instant started_at_ = now_();
    std::unique_ptr<feedback::callbacks> callbacks_;
    std::unique_ptr<feedback::teller> teller_;
    store::store store_;
    // numbers of all names since start
    std::map<std::string, name_id, std::less<>> sources_, types_, pools_, accounts_;
    std::map<name_id, store::keep_learned> learned_; // by account
    std::map<name_id, std::string> source_names_;
    std::set<name_id> own_pools_;          // each of one account, also of former ones
    std::vector<name_id> pools_of_routes_; // by their place there; none: routes are plain
    std::unordered_map<name_id, category> categories_; // of types, also of former ones
    std::set<name_id> extended_sources_;               // those that have an extension
    std::unique_ptr<delivery::desk> desk_;
    std::unique_ptr<delivery::sweeper> sweeper_;
    std::unique_ptr<delivery::withdrawals> withdrawals_;
    std::unique_ptr<answering> answering_;
    std::unique_ptr<publishing_desk> publishing_;
    std::unique_ptr<expansion_desk> expansion_;
    std::set<std::string, std::less<>> vulnerable_; // accounts
    std::unique_ptr<timer_desk> timers_;
    std::unique_ptr<letter_desk> letters_;
    std::unique_ptr<intake::quotas> quotas_;
    std::unique_ptr<intake::preparer> again_; // for parked events
    std::unique_ptr<intake::drain> drain_;
    store::reader for_api_, for_care_, for_sources_;
    store::search search_;
    store::people_reader for_people_{c_->settings.live_db()};
    store::texts_reader for_texts_{c_->settings.live_db(), c_->settings.history_dir()};
    store::subscription_reader for_subscriptions_{c_->settings.live_db()};
    store::subscription_reader ended_{c_->settings.live_db()};
    store::contact_reader for_contacts_{c_->settings.live_db()};
    store::work_reader for_work_{c_->settings.live_db()};
    store::audience_reader for_audience_{c_->settings.live_db()};
    store::cost_reader for_cost_{c_->settings.live_db()};
    store::timer_reader for_timers_{c_->settings.live_db()}, for_reload_{c_->settings.live_db()};
    std::unique_ptr<api::desk_watch> watch_;
    std::unique_ptr<web_intake> web_;
    tokens::token_ring tokens_;
    std::unique_ptr<api::server> api_;
    heartbeat heartbeat_;
    runtime::task_group tasks_, links_;
    std::map<name_id, delivery::taken_rows> taken_in_; // since the loop's last turn
    std::map<name_id, std::int64_t> in_memory_;        // rows of a source, not yet committed
    std::map<name_id, instant> newest_; // when the row of a source that was read last was written
    std::map<std::string, std::uint64_t> submitted_before_; // by account
    std::optional<duration> asked_store_; // and no answer yet; as the clock since boot
    std::int64_t disk_free_ = 0, database_ = 0;
    std::set<const delivery::lane*> ending_; // whose adapter was told to stop, though we go on
    std::map<std::string, trial*> trials_;   // under way, by account
    std::map<std::string, std::string> quota_told_; // by source: what the log says of its quota
    bool today_counted_ = false; // what was taken in before the start is in quotas_
    bool reloading_ = false;
    bool backing_up_ = false;
    std::stop_source end_backup_;
    bool sealing_ = false;
    std::stop_source end_sealing_;
    bool erasing_ = false;
    std::stop_source end_erasing_;
    std::vector<std::string> unsealed_; // months that could not be, and why
    bool stopping_ = false;
};

} // namespace posthorn::gateway
