#include "intake/drain.hpp"

#include "intake/eraser.hpp"
#include "intake/folder_watch.hpp"
#include "intake/source_reader.hpp"
#include "runtime/thread_rank.hpp"
#include "store/fault_point.hpp"

#include <algorithm>
#include <atomic>
#include <chrono>
#include <map>
#include <mutex>
#include <random>
#include <set>
#include <system_error>
#include <thread>
#include <utility>

namespace posthorn::intake {

namespace {

using clock = std::chrono::steady_clock;

// A change is told before its commit can be seen: for a while we look again and again.
constexpr std::chrono::milliseconds look_again_for{50};
constexpr std::chrono::microseconds first_pause{200};
constexpr std::chrono::microseconds longest_pause{1000};
// For what inotify does not tell, and for files with a problem.
constexpr std::chrono::milliseconds poll_every{250};
// Between looks for urgent rows of sources that have thousands in hand: our own deletions are changes,
// too, and each commit would wake us for a few rows.
constexpr std::chrono::milliseconds while_full{2};
constexpr std::chrono::milliseconds before_reading_again{100};

std::filesystem::path file_of(const drain_options& options, const std::string& source) {
    return options.directory / (source + ".db");
}

} // namespace

class drain::worker {
public:
    worker(drain_options options, std::shared_ptr<const catalogue> known, quotas& quota,
           drain_reports reports, std::function<instant()> now);
    ~worker() { stop(); }

    void start();
    void stop();
    void use(std::shared_ptr<const catalogue> known);
    void hold(bool yes);
    void credit(std::string_view source, std::size_t rows);
    void committed(std::string_view source, std::vector<std::int64_t> ids);
    std::vector<file_problem> problems() const;
    std::size_t kept_back(std::string_view source) const;

private:
    // What other threads have to say about a source, until the drain thread looks.
    struct mail {
        std::size_t credited = 0;
        std::size_t deleted = 0;
        std::string erase_problem;
        store::file_identity identity; // the other way: of the rows handed on
        std::size_t kept_back = 0;     // the other way, too
    };

    void run();
    void take_mail();
    void take_catalogue();
    bool configured(const source_reader& reader) const;
    void close_gone();
    void add_readers();
    bool is_urgent(std::string_view type) const;
    bool serve(source_reader& reader);
    void keep_back(source_reader& reader);
    void hand_on(const source_reader& reader, std::vector<store::outbox_row> rows);
    void wait_to_read(const source_reader& reader, const std::string& why);
    void tell_file(const source_reader& reader, std::size_t kept_back);
    void rest();
    void look_around();
    void tell(const std::string& file, const std::string& what);

    drain_options options_;
    std::shared_ptr<const catalogue> known_;
    quotas& quota_;
    drain_reports reports_;
    std::function<instant()> now_;
    std::unique_ptr<preparer> preparer_;
    folder_watch watch_;
    std::vector<source_reader> readers_;
    std::set<std::string> strangers_; // files that belong to no source, told once
    clock::time_point look_again_until_{};
    clock::time_point next_poll_{};
    std::chrono::microseconds pause_ = first_pause;
    bool try_again_ = true; // this round also looks at files with a problem
    std::atomic<bool> stopping_{false};
    std::atomic<bool> held_{false};

    mutable std::mutex mutex_; // guards what follows
    std::map<std::string, mail, std::less<>> mail_;
    std::map<std::string, std::string> problems_;
    std::shared_ptr<const catalogue> next_; // not looked at yet

    eraser eraser_;
    std::thread thread_;
};

drain::worker::worker(drain_options options, std::shared_ptr<const catalogue> known, quotas& quota,
                      drain_reports reports, std::function<instant()> now)
    : options_(std::move(options)), known_(std::move(known)), quota_(quota),
      reports_(std::move(reports)), now_(std::move(now)),
      preparer_(std::make_unique<preparer>(known_, std::random_device{}(), known_->people)),
      watch_(options_.directory),
      eraser_([this](const std::string& source, std::size_t rows, const std::string& problem) {
          const std::lock_guard lock(mutex_);
          auto& m = mail_[source];
          m.deleted += rows;
          m.erase_problem = problem;
          watch_.wake();
      }) {
    add_readers();
}

bool drain::worker::is_urgent(std::string_view type) const {
    const auto* t = known_->type_named(type);
    return t != nullptr && t->priority == priority::urgent;
}

// For the sources that have none yet.
void drain::worker::add_readers() {
    for (const auto& source : known_->sources) {
        if (std::ranges::any_of(readers_, [&](auto& r) { return r.source() == source.name; }))
            continue;
        const auto file = file_of(options_, source.name);
        readers_.emplace_back(source.name, file, reader_limits{options_.capacity, options_.batch},
                              [this](std::string_view type) { return is_urgent(type); });
        eraser_.add_source(source.name, file);
        const std::lock_guard lock(mutex_);
        mail_[source.name];
    }
}

void drain::worker::use(std::shared_ptr<const catalogue> known) {
    {
        const std::lock_guard lock(mutex_);
        next_.swap(known);
    }
    watch_.wake();
}

void drain::worker::take_catalogue() {
    std::shared_ptr<const catalogue> next;
    {
        const std::lock_guard lock(mutex_);
        next.swap(next_);
    }
    if (!next)
        return;
    known_ = std::move(next);
    for (const auto& reader : readers_)
        if (!configured(reader))
            tell(reader.file().filename(), {});
    preparer_ = std::make_unique<preparer>(known_, std::random_device{}(), known_->people);
    add_readers();
    try_again_ = true;
    look_around();
}

void drain::worker::start() {
    eraser_.start();
    thread_ = std::thread([this] {
        runtime::this_thread_is("drain", runtime::thread_rank::usual);
        run();
    });
}

void drain::worker::stop() {
    stopping_ = true;
    watch_.wake();
    if (thread_.joinable())
        thread_.join();
    eraser_.stop();
}

void drain::worker::hold(bool yes) {
    if (held_.exchange(yes) != yes)
        watch_.wake();
}

void drain::worker::credit(std::string_view source, std::size_t rows) {
    {
        const std::lock_guard lock(mutex_);
        const auto found = mail_.find(source);
        if (found == mail_.end())
            return;
        found->second.credited += rows;
    }
    watch_.wake();
}

void drain::worker::committed(std::string_view source, std::vector<std::int64_t> ids) {
    store::file_identity identity;
    {
        const std::lock_guard lock(mutex_);
        const auto found = mail_.find(source);
        if (found == mail_.end())
            return;
        identity = found->second.identity;
    }
    eraser_.erase(std::string(source), identity, std::move(ids));
}

std::vector<file_problem> drain::worker::problems() const {
    const std::lock_guard lock(mutex_);
    std::vector<file_problem> all;
    for (const auto& [file, what] : problems_)
        all.push_back({file, what});
    return all;
}

std::size_t drain::worker::kept_back(std::string_view source) const {
    const std::lock_guard lock(mutex_);
    const auto found = mail_.find(source);
    return found == mail_.end() ? 0 : found->second.kept_back;
}

void drain::worker::run() {
    look_around();
    while (!stopping_) {
        take_catalogue();
        take_mail();
        close_gone();
        bool more = false;
        for (auto& reader : readers_)
            more = serve(reader) || more;
        try_again_ = false;
        if (!more)
            rest();
    }
}

void drain::worker::take_mail() {
    const std::lock_guard lock(mutex_);
    for (auto& reader : readers_) {
        auto& m = mail_[reader.source()];
        reader.credit(std::exchange(m.credited, 0));
        reader.deleted(std::exchange(m.deleted, 0));
    }
}

bool drain::worker::configured(const source_reader& reader) const {
    return known_->source_named(reader.source()) != nullptr;
}

// Files of sources that are configured no more, once all that was taken from them is deleted.
void drain::worker::close_gone() {
    std::erase_if(readers_, [this](const source_reader& reader) {
        const bool gone = !configured(reader) && reader.settled();
        if (gone)
            eraser_.drop_source(reader.source());
        return gone;
    });
}

// Whether there may be more at once.
bool drain::worker::serve(source_reader& reader) {
    if (stopping_ || held_ || !configured(reader) || (!reader.problem().empty() && !try_again_))
        return false;
    if (quota_.in_the_way(reader.source(), now_())) {
        keep_back(reader);
        return false;
    }
    auto rows =
        reader.next([&](std::size_t n) { return quota_.reserve(reader.source(), n, now_()); });
    tell_file(reader, 0);
    if (!rows.empty())
        hand_on(reader, std::move(rows));
    return reader.has_more();
}

// Now and then the file is looked at all the same: for what is wrong with it, and how much waits.
void drain::worker::keep_back(source_reader& reader) {
    if (try_again_)
        tell_file(reader, reader.rows_ahead());
}

void drain::worker::tell_file(const source_reader& reader, std::size_t kept_back) {
    std::string erase_problem;
    {
        const std::lock_guard lock(mutex_);
        auto& m = mail_[reader.source()];
        m.identity = reader.identity();
        m.kept_back = kept_back;
        erase_problem = m.erase_problem;
    }
    tell(reader.file().filename(), reader.problem().empty() ? erase_problem : reader.problem());
}

void drain::worker::hand_on(const source_reader& reader, std::vector<store::outbox_row> rows) {
    const auto now = now_();
    std::vector<prepared> batch;
    batch.reserve(rows.size());
    bool waited = false;
    for (auto& row : rows) {
        batch.push_back(preparer_->prepare(std::move(row), now));
        for (; batch.back().later; waited = true) {
            if (stopping_)
                return; // all of them are still in the outbox
            wait_to_read(reader, batch.back().parked);
            batch.back() = preparer_->prepare({.event = std::move(batch.back().event)}, now);
        }
    }
    if (waited)
        tell_file(reader, 0);
    reports_.deliver(reader.source(), std::move(batch));
    store::fault_point("after drain");
}

// live.db is all there is to wait for: nothing of any source goes on without it.
void drain::worker::wait_to_read(const source_reader& reader, const std::string& why) {
    tell(reader.file().filename(), why);
    std::this_thread::sleep_for(before_reading_again);
}

void drain::worker::rest() {
    if (std::ranges::any_of(readers_, &source_reader::is_full))
        std::this_thread::sleep_for(while_full);
    const auto before = clock::now();
    const bool looking = before < look_again_until_;
    const auto until_poll =
        std::chrono::duration_cast<std::chrono::microseconds>(next_poll_ - before);
    const auto news = watch_.wait(looking ? pause_ : std::max(until_poll, first_pause));
    pause_ = looking ? std::min(pause_ * 2, longest_pause) : first_pause;
    const auto now = clock::now();
    if (news.changed) {
        look_again_until_ = now + look_again_for;
        pause_ = first_pause;
    }
    if (news.names || now >= next_poll_) {
        try_again_ = true;
        next_poll_ = now + poll_every;
    }
    if (news.names)
        look_around();
}

// Reports files that no source owns: somebody waits for notices from them in vain.
void drain::worker::look_around() {
    if (!watch_.watching()) {
        tell(options_.directory.string(),
             "is not there: create it with `mkdir -m 2770 " + options_.directory.string() +
                 "`, owned by a group that holds the daemon and all writers");
        return;
    }
    tell(options_.directory.string(), {});
    std::error_code ignored; // a folder that cannot be listed: its files tell what is wrong
    std::vector<std::filesystem::path> files;
    for (std::filesystem::directory_iterator at(options_.directory, ignored), end;
         !ignored && at != end; at.increment(ignored))
        files.push_back(at->path());
    for (const auto& path : files) {
        if (path.extension() != ".db" || known_->source_named(path.stem().string()) != nullptr)
            continue;
        if (strangers_.insert(path.filename()).second)
            tell(path.filename(), path.string() + ": is not read: posthorn.yaml names no source '" +
                                      path.stem().string() + "' under sources:");
    }
    std::erase_if(strangers_, [&](const std::string& name) {
        const auto path = options_.directory / name;
        const bool gone = !std::filesystem::exists(path, ignored) ||
                          known_->source_named(path.stem().string()) != nullptr;
        if (gone)
            tell(name, {});
        return gone;
    });
}

void drain::worker::tell(const std::string& file, const std::string& what) {
    {
        const std::lock_guard lock(mutex_);
        const auto known = problems_.find(file);
        if (known == problems_.end() ? what.empty() : known->second == what)
            return;
        if (what.empty())
            problems_.erase(known);
        else
            problems_[file] = what;
    }
    reports_.problem(file, what);
}

drain::drain(drain_options options, std::shared_ptr<const catalogue> known, quotas& quota,
             drain_reports reports, std::function<instant()> now)
    : worker_(std::make_unique<worker>(std::move(options), std::move(known), quota,
                                       std::move(reports), std::move(now))) {}
drain::~drain() = default;

void drain::start() { worker_->start(); }
void drain::stop() { worker_->stop(); }
void drain::use(std::shared_ptr<const catalogue> known) { worker_->use(std::move(known)); }
void drain::hold(bool yes) { worker_->hold(yes); }
void drain::credit(std::string_view source, std::size_t rows) { worker_->credit(source, rows); }
void drain::committed(std::string_view source, std::vector<std::int64_t> outbox_ids) {
    worker_->committed(source, std::move(outbox_ids));
}
std::vector<file_problem> drain::problems() const { return worker_->problems(); }
std::size_t drain::kept_back(std::string_view source) const { return worker_->kept_back(source); }

} // namespace posthorn::intake
