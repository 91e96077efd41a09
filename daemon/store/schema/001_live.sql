-- live.db: unfinished work, and what late receipts and repeated keys need. One process, one writer.
-- Times are UTC microseconds, 0 for none. States are the numbers of model/state.hpp. A message of one
-- part carries that part in its own row; the rows of `part` are for longer ones.

CREATE TABLE name(            -- small stable numbers for names of sources, types, pools and accounts
    id   INTEGER PRIMARY KEY,
    kind TEXT NOT NULL,
    name TEXT NOT NULL,
    UNIQUE(kind, name)
) STRICT;

CREATE TABLE event(
    id INTEGER PRIMARY KEY,
    source INTEGER NOT NULL, outbox_id INTEGER NOT NULL, key TEXT NOT NULL, hash INTEGER NOT NULL,
    type TEXT NOT NULL, run TEXT NOT NULL, subject TEXT NOT NULL,
    to_kind TEXT NOT NULL, to_ref TEXT NOT NULL, data TEXT NOT NULL,
    occurred_at INTEGER NOT NULL, not_before INTEGER NOT NULL, expires_at INTEGER NOT NULL,
    created_at INTEGER NOT NULL, received_at INTEGER NOT NULL,
    version INTEGER NOT NULL,
    parked TEXT                -- why it is parked; NULL when it is not
) STRICT;
CREATE INDEX event_parked ON event(id) WHERE parked IS NOT NULL;

CREATE TABLE message(
    id INTEGER PRIMARY KEY,
    event INTEGER NOT NULL, version INTEGER NOT NULL,
    state INTEGER NOT NULL,        -- message_state, folded from the parts
    parts INTEGER NOT NULL,
    source INTEGER NOT NULL, type INTEGER NOT NULL, pool INTEGER NOT NULL, account INTEGER NOT NULL,
    priority INTEGER NOT NULL, coding INTEGER NOT NULL, on_uncertain INTEGER NOT NULL,
    recipient TEXT NOT NULL, sender TEXT NOT NULL, language TEXT NOT NULL, text TEXT NOT NULL,
    due_at INTEGER NOT NULL, expires_at INTEGER NOT NULL, final_at INTEGER NOT NULL,
    reason TEXT NOT NULL,
    -- the part, when there is one
    part_state INTEGER, attempts INTEGER, repeats INTEGER, opened_at INTEGER, submitted_at INTEGER,
    ref TEXT, code TEXT, mark TEXT
) STRICT;

CREATE TABLE part(
    message INTEGER NOT NULL, n INTEGER NOT NULL,
    part_state INTEGER NOT NULL, attempts INTEGER NOT NULL, repeats INTEGER NOT NULL,
    opened_at INTEGER NOT NULL, submitted_at INTEGER NOT NULL,
    ref TEXT NOT NULL, code TEXT NOT NULL, mark TEXT NOT NULL,
    octets BLOB NOT NULL,
    PRIMARY KEY(message, n)
) STRICT, WITHOUT ROWID;

CREATE TABLE attempt(          -- attempts that did not end the part: deferred or uncertain
    message INTEGER NOT NULL, n INTEGER NOT NULL, attempt INTEGER NOT NULL,
    closed_at INTEGER NOT NULL, outcome TEXT NOT NULL, code TEXT NOT NULL,
    PRIMARY KEY(message, n, attempt)
) STRICT, WITHOUT ROWID;

CREATE TABLE queue(            -- only what must wait, clustered in the order it is claimed
    pool INTEGER NOT NULL, priority INTEGER NOT NULL, source INTEGER NOT NULL,
    due_at INTEGER NOT NULL, message INTEGER NOT NULL,
    PRIMARY KEY(pool, priority, source, due_at, message)
) STRICT, WITHOUT ROWID;

CREATE TABLE receipt(          -- receipts that found no part yet
    id INTEGER PRIMARY KEY,
    account INTEGER NOT NULL, ref TEXT NOT NULL, state INTEGER NOT NULL, code TEXT NOT NULL,
    recipient TEXT NOT NULL, sender TEXT NOT NULL, excerpt TEXT NOT NULL, received_at INTEGER NOT NULL
) STRICT;

CREATE TABLE late(             -- parts in history whose receipt may still come
    message INTEGER NOT NULL, n INTEGER NOT NULL, account INTEGER NOT NULL, ref TEXT NOT NULL,
    PRIMARY KEY(message, n)    -- its columns first: SQLite 3.40's integrity_check is wrong otherwise
) STRICT, WITHOUT ROWID;

CREATE TABLE late_receipt(     -- receipts for messages in history, until their month has taken them
    id INTEGER PRIMARY KEY,
    message INTEGER NOT NULL, n INTEGER NOT NULL, event INTEGER NOT NULL,
    at INTEGER NOT NULL, code TEXT NOT NULL
) STRICT;

CREATE TABLE inbound(
    id INTEGER PRIMARY KEY,
    account INTEGER NOT NULL, sender TEXT NOT NULL, recipient TEXT NOT NULL,
    octets BLOB NOT NULL, text TEXT NOT NULL, data_coding INTEGER NOT NULL, udh INTEGER NOT NULL,
    received_at INTEGER NOT NULL
) STRICT;

-- Keys are remembered long after their events have left: sealed slices in key order, each with a
-- filter that says "surely not here", so that a new key costs no page of old ones. Keys of events newer
-- than the last sealed slice are in memory, and read again from `event` at start.
CREATE TABLE key_slice(
    slice INTEGER PRIMARY KEY, last_event INTEGER NOT NULL, keys INTEGER NOT NULL,
    sealed_at INTEGER NOT NULL,    -- 0 while it is being written
    filter BLOB NOT NULL
) STRICT;
CREATE TABLE key(
    slice INTEGER NOT NULL, source INTEGER NOT NULL, key TEXT NOT NULL,
    event INTEGER NOT NULL, outbox_id INTEGER NOT NULL, hash INTEGER NOT NULL,
    PRIMARY KEY(slice, source, key)
) STRICT, WITHOUT ROWID;

-- One entry per commit: what changed, for those who tell sources. Packed little endian:
-- id of an event (8 octets), kind (1 octet: see store/feedback.hpp).
CREATE TABLE feedback(seq INTEGER PRIMARY KEY AUTOINCREMENT, at INTEGER NOT NULL, entries BLOB NOT NULL) STRICT;

-- Rows of an outbox that did not become an event of their own, for `result_refused`.
CREATE TABLE refused(
    id INTEGER PRIMARY KEY,
    source INTEGER NOT NULL, outbox_id INTEGER NOT NULL, key TEXT NOT NULL, type TEXT NOT NULL,
    what TEXT NOT NULL, reason TEXT NOT NULL, at INTEGER NOT NULL
) STRICT;

CREATE TABLE tally(what TEXT PRIMARY KEY, n INTEGER NOT NULL) STRICT, WITHOUT ROWID;
CREATE TABLE mark(what TEXT PRIMARY KEY, value INTEGER NOT NULL) STRICT, WITHOUT ROWID;
