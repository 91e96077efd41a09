-- What people changed, kept for `posthorn log`. Written in the commit of the change itself.

CREATE TABLE operation(
    id INTEGER PRIMARY KEY, at INTEGER NOT NULL,
    who TEXT NOT NULL,             -- the user, or the name of a token
    what TEXT NOT NULL,            -- the verb
    which TEXT NOT NULL,           -- to what: 'run bills-2026-11', 'message 123', 'everything'
    reason TEXT NOT NULL,          -- in that person's words
    result TEXT NOT NULL           -- what came of it, where that is not plain
) STRICT;

CREATE TABLE pause(                -- what may not send until a person resumes it
    kind INTEGER NOT NULL,         -- scope_kind
    name TEXT NOT NULL,            -- empty for everything
    stopped INTEGER NOT NULL,      -- 1: what has not left is cancelled, and what comes later too
    who TEXT NOT NULL, reason TEXT NOT NULL, at INTEGER NOT NULL,
    PRIMARY KEY(kind, name)
) STRICT, WITHOUT ROWID;

-- Queued messages of what is paused: out of the way of others, in the order in which their time ends.
CREATE TABLE set_aside(
    expires_at INTEGER NOT NULL, message INTEGER NOT NULL,
    PRIMARY KEY(expires_at, message)
) STRICT, WITHOUT ROWID;

CREATE TABLE resent(               -- messages that a person had sent again, by event
    event INTEGER NOT NULL, message INTEGER NOT NULL, earlier INTEGER NOT NULL,
    PRIMARY KEY(event, message)
) STRICT, WITHOUT ROWID;
