-- What later events of a subject have made needless, and who was told of it before.

CREATE INDEX event_subject ON event(source, subject) WHERE subject <> '';
-- The message of an event mostly has the next id: only the others are looked for by it.
CREATE INDEX message_apart ON message(event) WHERE id <> event + 1;

CREATE TABLE withdrawal(           -- by an event, while what had been taken in may be under way
    event INTEGER PRIMARY KEY,
    source INTEGER NOT NULL, subject TEXT NOT NULL,
    types TEXT NOT NULL,           -- what it withdraws: patterns, with blanks between
    happened_at INTEGER NOT NULL,  -- it is about what had happened until then
    what TEXT NOT NULL             -- its type and key, for the reason
) STRICT;
CREATE TABLE withdrawn(            -- the last such event of a subject: for what comes late
    source INTEGER NOT NULL, about INTEGER NOT NULL, -- a hash of the subject
    types TEXT NOT NULL, happened_at INTEGER NOT NULL, what TEXT NOT NULL,
    at INTEGER NOT NULL,
    PRIMARY KEY(source, about, types)
) STRICT, WITHOUT ROWID;

CREATE TABLE told(                 -- who was sent a text that a later event may only correct
    number TEXT NOT NULL, source INTEGER NOT NULL, about INTEGER NOT NULL, type INTEGER NOT NULL,
    at INTEGER NOT NULL,
    PRIMARY KEY(number, source, about, type)
) STRICT, WITHOUT ROWID;
