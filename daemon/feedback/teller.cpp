#include "feedback/teller.hpp"

#include "runtime/thread_rank.hpp"
#include "store/archive.hpp"
#include "store/changes.hpp"
#include "store/fault_point.hpp"
#include "store/text_archive.hpp"

#include <algorithm>
#include <deque>
#include <map>
#include <set>
#include <unordered_map>

namespace posthorn::feedback {

namespace {

constexpr std::size_t commits_per_batch = 100;
constexpr std::size_t forgotten_at_once = 50;
constexpr std::size_t forgotten_per_step = 4'000;
constexpr std::size_t busy_backlog = 200; // the writer has better things to do than to forget
constexpr std::size_t most_unforgotten = 20'000; // but not for ever
// After so long what cannot be written is tried again, and then after twice as long.
constexpr std::chrono::seconds first_retry{10}, longest_retry{640};
constexpr std::size_t late_parts_at_once = 500;
constexpr std::size_t texts_at_once = 500;
constexpr std::chrono::minutes between_looks_at_texts{10};
// Their sources have been told: nobody waits for them, and millions may wait for a carrier.
constexpr std::size_t leftovers_at_once = 20'000;
constexpr std::chrono::seconds between_looks_for_leftovers{1};
// A later event finds what it withdraws, and whom it corrects, for so long.
constexpr std::chrono::days withdrawals_kept{60};

// What one source is to be told.
struct news {
    std::vector<store::result_row> rows;
    std::vector<store::recipient_row> recipients; // of events for many
    std::vector<store::expansion_row> expansions;
    std::vector<store::refused_row> refused;
    std::vector<store::inbox_row> passed;

    void add(store::told_message told) {
        if (told.of_many)
            recipients.push_back({told.message, std::move(told.row)});
        else
            rows.push_back(std::move(told.row));
    }
    void write(store::result_file& file, instant now) const {
        file.begin();
        for (const auto& row : rows)
            file.put(row, now);
        for (const auto& row : expansions)
            file.put(row);
        for (const auto& row : recipients)
            file.put(row);
        for (const auto& row : refused)
            file.put(row);
        for (const auto& row : passed)
            file.put(row, now);
        file.commit(now);
    }
};

} // namespace

// What one run of the thread knows.
struct teller::work {
    explicit work(teller& of)
        : owner(of), settings(of.settings_), store(of.store_), changes(settings.live),
          archive(settings.live, settings.history), texts(settings.live, settings.history) {}

    bool read(); // new feedback; false when there is none
    void tell(instant now);
    void clear();
    void step();
    void prune_now_and_then();
    void forget_the_old();
    void forget_late_parts();
    void move_texts();
    void correct_history(instant now);
    void look_for_leftovers_now_and_then();
    void time_receipt(const store::result_row& row);
    template <class Write>
    bool written(name_id source, Write with);

    store::result_file& file_of(name_id source) {
        if (const auto all = owner.sources(); all != opened_for) {
            files.clear();
            opened_for = all;
        }
        auto& f = files[source];
        const auto& name = opened_for->names.at(source);
        if (f && !f->in_place()) {
            settings.complain("result/" + name +
                              ".db was moved or removed: a new one is begun, and "
                              "what the old one had been told is not in it");
            f.reset();
        }
        if (!f) {
            f = std::make_unique<store::result_file>(settings.results / (name + ".db"),
                                                     opened_for->called.contains(name));
        }
        return *f;
    }

    struct moving {
        instant since{};
        std::int64_t seq = 0;
    };

    teller& owner;
    teller_settings& settings;
    store::store& store;
    store::changes changes;
    store::archive archive;
    store::text_archive texts;
    std::unordered_map<name_id, std::unique_ptr<store::result_file>> files;
    std::shared_ptr<const told_sources> opened_for; // the files

    std::int64_t read_through = 0;
    std::int64_t forgotten_through = 0;
    std::vector<posthorn::id> final_now;
    std::vector<posthorn::id> parked_now, published_now, for_many_now;
    std::vector<posthorn::id> refused_now;
    std::vector<posthorn::id> late_now;
    std::vector<posthorn::id> passed_now;
    std::unordered_map<posthorn::id, moving> not_final;
    std::deque<std::pair<instant, posthorn::id>> not_final_order;
    std::deque<store::forget::moved> to_forget; // copied to history
    store::changes::id_span may_be_left{.through = changes.last_message()};
    instant next_prune{}, next_forgetting{}, next_texts{}, next_leftovers{};
    posthorn::id texts_moved = 0; // in this look at them, up to here
    posthorn::id late_before = 0; // parts to look at, when their months may be gone
    store::forget::late_part late_looked_at;
    bool owes = false; // something to one that is put aside: feedback is kept, and read again then
};

// False: its file cannot be written now, and it is put aside.
template <class Write>
bool teller::work::written(name_id source, Write with) {
    if (owner.aside_.contains(source))
        return false;
    try {
        auto& file = file_of(source);
        with(file);
        return true;
    } catch (const std::exception& e) {
        files.erase(source); // what is open there is undone
        owner.put_source_aside(source, e.what());
        return false;
    }
}

bool teller::work::read() {
    const auto batch = changes.after(read_through, commits_per_batch);
    if (batch.through == 0)
        return false;
    const auto now = settings.now();
    for (const auto& c : batch.entries) {
        switch (c.what) {
        case store::change::kind::message:
            if (not_final.try_emplace(c.id, moving{now, read_through}).second)
                not_final_order.emplace_back(now, c.id);
            break;
        case store::change::kind::message_final:
            not_final.erase(c.id);
            final_now.push_back(c.id);
            break;
        case store::change::kind::event_parked:
            parked_now.push_back(c.id);
            break;
        case store::change::kind::refused:
            refused_now.push_back(c.id);
            break;
        case store::change::kind::late:
            late_now.push_back(c.id);
            break;
        case store::change::kind::published:
            published_now.push_back(c.id);
            break;
        case store::change::kind::for_many:
            for_many_now.push_back(c.id);
            break;
        case store::change::kind::passed:
            passed_now.push_back(c.id);
            break;
        }
    }
    read_through = batch.through;
    return true;
}

void teller::work::time_receipt(const store::result_row& row) {
    const bool by_receipt = row.state == name_of(message_state::delivered) ||
                            row.state == name_of(message_state::undelivered);
    if (!by_receipt || row.submitted_at == instant{} || row.final_at < row.submitted_at)
        return;
    owner.timed_.fetch_add(1, std::memory_order_relaxed);
    owner.micros_.fetch_add((row.final_at - row.submitted_at).count(), std::memory_order_relaxed);
}

// Copies what is final to history, writes results, then lets go of the feedback that led to them.
void teller::work::tell(instant now) {
    std::map<name_id, news> all;
    std::map<name_id, std::vector<store::forget::moved>> moved;
    const auto sources = owner.sources();
    const auto& redacted = sources->redacted;
    store::redact forgotten;
    for (auto& told : archive.copy(final_now, now, redacted)) {
        time_receipt(told.row);
        if (redacted.contains(told.type))
            forgotten.messages.push_back({told.message, told.event});
        moved[told.source].push_back({.message = told.message,
                                      .event = told.event,
                                      .version = told.version,
                                      .long_text = told.long_text,
                                      .late = told.late,
                                      .of_many = told.of_many,
                                      .followed = sources->followed.contains(told.type),
                                      .state = told.state});
        all[told.source].add(std::move(told));
    }
    if (!forgotten.messages.empty()) { // their sources may be put aside: it does not wait for them
        std::vector<store::op> ops;
        ops.emplace_back(std::move(forgotten));
        store.submit(std::move(ops));
    }
    changes.begin();
    const auto add = [&](std::optional<store::told_message> told) {
        if (told)
            all[told->source].add(std::move(*told));
    };
    for (const auto id : parked_now)
        add(changes.parked(id));
    for (const auto id : published_now)
        add(changes.published(id));
    for (const auto id : for_many_now)
        if (auto told = changes.expansion(id))
            all[told->source].expansions.push_back(std::move(told->row));
    while (!not_final_order.empty() && not_final_order.front().first + settings.patience <= now) {
        const auto id = not_final_order.front().second;
        not_final_order.pop_front();
        if (not_final.erase(id) > 0)
            add(changes.message(id));
    }
    for (const auto id : refused_now)
        if (auto told = changes.refusal(id))
            all[told->source].refused.push_back(std::move(told->row));
    for (const auto id : passed_now)
        if (auto told = changes.passed(id))
            all[told->source].passed.push_back(std::move(told->row));
    changes.end();
    all.erase(owner.sources()->own);
    store::forget done;
    for (const auto& [source, of_it] : all) {
        const bool told = written(source, [&](auto& file) { of_it.write(file, now); });
        if (told)
            owner.waits_.erase(source);
        else
            moved.erase(source);
        if (told) {
            for (const auto& row : of_it.passed)
                done.passed.push_back(row.id);
            for (const auto& expansion : of_it.expansions)
                if (expansion.done)
                    done.expanded.push_back(expansion.row.event);
        }
        owes |= !told;
    }
    for (const auto& [source, list] : moved)
        to_forget.insert(to_forget.end(), list.begin(), list.end());
    store::fault_point("results told");
    if (!done.passed.empty())
        store::fault_point("inbox written");
    if (!all.empty() && settings.told)
        settings.told();

    // Entries go up to the oldest that still waits for its telling.
    auto through = read_through;
    while (!not_final_order.empty() && !not_final.contains(not_final_order.front().second))
        not_final_order.pop_front();
    if (!not_final_order.empty())
        through = std::min(through, not_final.at(not_final_order.front().second).seq);
    if (through > forgotten_through && !owes)
        done.feedback_through = forgotten_through = through;
    if (!refused_now.empty() && !owes)
        done.refused_through = refused_now.back();
    final_now.clear();
    parked_now.clear();
    published_now.clear();
    for_many_now.clear();
    refused_now.clear();
    passed_now.clear();
    if (done.feedback_through || done.refused_through || !done.passed.empty() ||
        !done.expanded.empty()) {
        std::vector<store::op> ops;
        ops.emplace_back(std::move(done));
        store.submit(std::move(ops));
    }
}

// Has the store forget what is in history, in small operations, so that none keeps the writer long.
void teller::work::clear() {
    const auto may = [&] {
        return store.backlog() < busy_backlog || to_forget.size() > most_unforgotten;
    };
    for (std::size_t n = 0; n < forgotten_per_step && !to_forget.empty() && may();
         n += forgotten_at_once) {
        const auto end = to_forget.begin() +
                         static_cast<std::ptrdiff_t>(std::min(forgotten_at_once, to_forget.size()));
        store::forget op{.at = settings.now()};
        op.messages.assign(to_forget.begin(), end);
        to_forget.erase(to_forget.begin(), end);
        std::vector<store::op> ops;
        ops.emplace_back(std::move(op));
        store.submit(std::move(ops));
    }
}

// Receipts that came for messages in history.
void teller::work::correct_history(instant now) {
    store::forget done;
    for (const auto row : late_now) {
        const auto late = changes.late(row);
        if (!late)
            continue;
        auto corrected =
            archive.correct({row, late->message, late->n, late->what, late->code, late->at});
        const auto change = corrected ? corrected->change : store::forget::taken{.receipt = row};
        const bool told = !corrected || corrected->told.source == owner.sources()->own ||
                          written(corrected->told.source, [&](store::result_file& file) {
                              news of_it;
                              of_it.add(std::move(corrected->told));
                              of_it.write(file, now);
                          });
        if (told)
            done.late_receipts.push_back(change);
        owes |= !told;
    }
    late_now.clear();
    if (done.late_receipts.empty())
        return;
    std::vector<store::op> ops;
    ops.emplace_back(std::move(done));
    store.submit(std::move(ops));
}

void teller::work::step() {
    const auto now = settings.now();
    correct_history(now); // before tell() lets go of the feedback that leads to it
    tell(now);
    clear();
}

// Results go keep_results after their last change, a few thousand a minute.
void teller::work::prune_now_and_then() {
    const auto now = settings.now();
    if (now < next_prune)
        return;
    next_prune = now + std::chrono::minutes(1);
    const auto sources = owner.sources();
    for (const auto& [number, name] : sources->names)
        if (files.contains(number) || std::filesystem::exists(settings.results / (name + ".db")))
            written(number, [&](store::result_file& file) {
                file.prune(now - sources->keep_results, 5'000);
            });
}

// Once a day: months and operations that are kept no longer. Each month that goes is noted, as what
// people do.
void teller::work::forget_the_old() {
    const auto now = settings.now();
    if (now < next_forgetting)
        return;
    next_forgetting = now + std::chrono::days(1);
    const auto sources = owner.sources();
    const auto keep = sources->keep_history;
    std::vector<store::op> ops;
    ops.emplace_back(store::forget{.operations_before = now - sources->keep_operations,
                                   .withdrawals_before = now - withdrawals_kept,
                                   .at = now});
    const auto dropped = archive.drop(now - keep, now, store.figures().sealed_through);
    for (const auto& month : dropped)
        ops.emplace_back(store::operation{
            .who = "posthornd",
            .what = "forget",
            .which = "history " + month,
            .reason = "keep_history is " +
                      std::to_string(std::chrono::floor<std::chrono::days>(keep).count()) + "d",
            .at = now});
    if (!dropped.empty()) // the newest first
        ops.emplace_back(store::forget{.history_before = store::archive::end_of(dropped.front())});
    store.submit(std::move(ops));
    // Where there is no month at all, though none was dropped, the folder is not what it should be.
    if (const auto oldest = archive.oldest(); oldest || !dropped.empty())
        late_before = first_id_at(oldest.value_or(now - keep));
    late_looked_at = {};
}

// Nobody waits for receipts of messages whose month is gone; some hundred at a time.
void teller::work::forget_late_parts() {
    if (late_before == 0 || store.backlog() >= busy_backlog)
        return;
    const auto some = changes.late_parts(late_looked_at, late_before, late_parts_at_once);
    std::vector<posthorn::id> messages;
    for (const auto& part : some)
        messages.push_back(part.message);
    const auto gone = archive.missing(std::move(messages));
    store::forget done;
    for (const auto& part : some)
        if (std::ranges::binary_search(gone, part.message))
            done.late_parts.push_back(part);
    if (some.size() < late_parts_at_once)
        late_before = 0;
    else
        late_looked_at = some.back();
    if (done.late_parts.empty())
        return;
    std::vector<store::op> ops;
    ops.emplace_back(std::move(done));
    store.submit(std::move(ops));
}

// Texts from phones that are settled and old leave for their months, some hundred at a time.
void teller::work::move_texts() {
    const auto now = settings.now();
    if (now < next_texts || store.backlog() >= busy_backlog)
        return;
    store::forget done{.texts = texts.copy(texts_moved, now, texts_at_once)};
    if (done.texts.size() < texts_at_once) {
        texts_moved = 0; // who was seen to meanwhile may leave next time
        next_texts = now + between_looks_at_texts;
    } else {
        texts_moved = done.texts.back();
    }
    if (done.texts.empty())
        return;
    std::vector<store::op> ops;
    ops.emplace_back(std::move(done));
    store.submit(std::move(ops));
}

// What a crash left in live.db although it was finished. Told again before it is copied: some of it
// may have finished just now, and its feedback not have been read.
void teller::work::look_for_leftovers_now_and_then() {
    const auto now = settings.now();
    if (may_be_left.empty() || now < next_leftovers)
        return;
    next_leftovers = now + between_looks_for_leftovers;
    const auto found = changes.finished(may_be_left, leftovers_at_once);
    final_now.insert(final_now.end(), found.begin(), found.end());
}

teller::teller(teller_settings settings, store::store& store)
    : settings_(std::move(settings)), store_(store),
      sources_(std::make_shared<const told_sources>(std::move(settings_.sources))) {}
teller::~teller() { stop(); }

void teller::start() {
    thread_ = std::thread([this] {
        runtime::this_thread_is("teller", runtime::thread_rank::bulk);
        run();
    });
}

void teller::stop() {
    {
        const std::lock_guard lock(lock_);
        stopping_ = true;
    }
    woken_.notify_one();
    if (thread_.joinable())
        thread_.join();
}

void teller::fed() {
    {
        const std::lock_guard lock(lock_);
        if (fed_)
            return;
        fed_ = true;
    }
    woken_.notify_one();
}

void teller::use(told_sources sources) {
    auto fresh = std::make_shared<const told_sources>(std::move(sources));
    const std::lock_guard lock(lock_);
    sources_.swap(fresh);
}

std::shared_ptr<const told_sources> teller::sources() {
    const std::lock_guard lock(lock_);
    return sources_;
}

std::string teller::trouble() {
    const std::lock_guard lock(lock_);
    return trouble_;
}

void teller::in_trouble(std::string why) {
    const std::lock_guard lock(lock_);
    trouble_ = std::move(why);
}

void teller::put_source_aside(name_id source, const std::string& why) {
    const auto names = sources()->names;
    const auto found = names.find(source);
    const auto name = found == names.end() ? std::to_string(source) : found->second;
    const auto text =
        name + " alone: " + (settings_.results / (name + ".db")).string() + ": " + why;
    auto& wait = waits_[source];
    wait = wait == duration{} ? first_retry : std::min<duration>(2 * wait, longest_retry);
    aside_[source] = {settings_.now() + wait, text};
    settings_.complain("results wait, of source " + text +
                       ": nothing is lost; they go on when it is mended");
}

// Whether one of those put aside can be told again.
bool teller::any_mended() {
    const auto now = settings_.now();
    const auto names = sources()->names;
    bool any = false;
    for (auto at = aside_.begin(); at != aside_.end();) {
        const auto here = at++;
        if (now < here->second.retry_at)
            continue;
        here->second.retry_at = now + first_retry;
        try {
            store::result_file file(settings_.results / (names.at(here->first) + ".db"));
            file.try_to_write();
            aside_.erase(here);
            any = true;
        } catch (const std::exception&) { // told already
        }
    }
    return any;
}

std::string teller::trouble_of_some() const {
    std::string all;
    for (const auto& [source, aside] : aside_)
        all += (all.empty() ? "of source " : "; of source ") + aside.why;
    return all;
}

// Sleeps until there is something to tell, then a little longer, so that a batch gathers. False:
// the end.
bool teller::wait_for_work(std::chrono::milliseconds at_most) {
    using namespace std::chrono_literals;
    std::unique_lock wait(lock_);
    woken_.wait_for(wait, at_most, [this] { return stopping_ || fed_; });
    woken_.wait_for(wait, 100ms, [this] { return stopping_; });
    fed_ = false;
    return !stopping_;
}

void teller::run() {
    using namespace std::chrono_literals;
    std::unique_ptr<work> w;
    for (bool go_on = true; go_on;) {
        go_on = wait_for_work(w && !w->to_forget.empty() ? 0s : 1s);
        try {
            if (!w || any_mended()) // begins again from what is recorded
                w = std::make_unique<work>(*this);
            while (w->read())
                w->step();
            w->look_for_leftovers_now_and_then();
            w->step();
            w->prune_now_and_then();
            w->forget_the_old();
            w->forget_late_parts();
            w->move_texts();
            in_trouble(trouble_of_some());
        } catch (const std::exception& e) {
            in_trouble(e.what());
            settings_.complain(std::string("results and history wait: ") + e.what() +
                               ": nothing is lost; they go on when it is mended");
            w.reset(); // begins again from what is recorded
            std::unique_lock wait(lock_);
            woken_.wait_for(wait, 10s, [this] { return stopping_; });
        }
    }
}

} // namespace posthorn::feedback
