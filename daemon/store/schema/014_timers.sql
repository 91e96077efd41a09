-- What timers make later: one durable table of due things.

CREATE TABLE timer_step(           -- those that wait, and those that were made, so that none is made twice
    id INTEGER PRIMARY KEY,
    subject TEXT NOT NULL,
    source INTEGER NOT NULL,       -- name
    timer TEXT NOT NULL,           -- that of its file
    type TEXT NOT NULL,            -- of the event that is made
    due_at INTEGER NOT NULL,
    made_at INTEGER NOT NULL,      -- 0: it waits
    began_type TEXT NOT NULL,      -- of the event that began it, as all that follows
    began_key TEXT NOT NULL,
    to_kind TEXT NOT NULL, to_ref TEXT NOT NULL,
    data TEXT NOT NULL,            -- '' once it is made
    occurred_at INTEGER NOT NULL,
    UNIQUE(subject, source, timer, type)
) STRICT;
CREATE INDEX timer_step_due ON timer_step(due_at, id, timer, source) WHERE made_at = 0;
CREATE INDEX timer_step_made ON timer_step(made_at) WHERE made_at > 0;
