// Wakes a thread when something in one folder changes, or when another thread asks for it.
//
// A change is told when it is written, which may be before the commit behind it can be seen.
#pragma once

#include <chrono>
#include <filesystem>

namespace posthorn::intake {

class folder_watch {
public:
    explicit folder_watch(std::filesystem::path folder); // which may appear later
    ~folder_watch();
    folder_watch(const folder_watch&) = delete;
    folder_watch& operator=(const folder_watch&) = delete;

    struct news {
        bool changed = false; // some file was written, made, moved or removed
        bool names = false;   // not only written
        bool woken = false;
    };
    // One thread. Returns at once with what has happened since the last call.
    news wait(std::chrono::microseconds at_most);

    // Any thread.
    void wake();

    // Whether the folder is there.
    bool watching() const { return watched_ >= 0; }

private:
    void watch();
    void read_events(news& n);

    std::filesystem::path folder_;
    int events_;
    int wake_;
    int watched_ = -1;
};

} // namespace posthorn::intake
