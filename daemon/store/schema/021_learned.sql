-- What has been learned about each account's carrier.

CREATE TABLE learned(
    account INTEGER PRIMARY KEY,   -- a name
    record TEXT NOT NULL,          -- the daemon's figures (delivery/track_record.hpp)
    adapter TEXT NOT NULL,         -- what its adapter wants to know again
    at INTEGER NOT NULL
) STRICT;
