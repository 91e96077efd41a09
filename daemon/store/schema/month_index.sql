-- history/YYYY-MM.index: where in that month a message lies, by what people know of it. Made when the
-- month is sealed, never changed, made again when it is lost.
CREATE TABLE slice(            -- of neighbouring messages, by their ids
    id INTEGER PRIMARY KEY, first INTEGER NOT NULL, last INTEGER NOT NULL
) STRICT;
CREATE TABLE number(           -- short_hash of the recipient
    slice INTEGER NOT NULL, hash INTEGER NOT NULL, message INTEGER NOT NULL,
    PRIMARY KEY(slice, hash, message)
) STRICT, WITHOUT ROWID;
CREATE TABLE key(              -- short_hash of the key; live.db knows keys for 400 days only
    slice INTEGER NOT NULL, hash INTEGER NOT NULL, event INTEGER NOT NULL,
    PRIMARY KEY(slice, hash, event)
) STRICT, WITHOUT ROWID;
CREATE TABLE apart(            -- messages that do not have the next id after their event
    event INTEGER NOT NULL, message INTEGER NOT NULL,
    PRIMARY KEY(event, message)
) STRICT, WITHOUT ROWID;
CREATE TABLE block(            -- a few thousand neighbouring messages, and what occurs among them
    first INTEGER PRIMARY KEY, last INTEGER NOT NULL
) STRICT;
CREATE TABLE trait(
    what TEXT NOT NULL,        -- source, type, state, run; many runs: any may occur
    value ANY NOT NULL, block INTEGER NOT NULL,
    PRIMARY KEY(what, value, block)
) STRICT, WITHOUT ROWID;
