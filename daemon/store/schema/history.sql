-- history/YYYY-MM.db: what finished in that month, and the texts from phones that came in it. No index on
-- messages while the month is written: one is found by its id, and by its number through `copied`.
-- user_version 1: `copied` names all of them.
CREATE TABLE IF NOT EXISTS name(id INTEGER PRIMARY KEY, kind TEXT NOT NULL, name TEXT NOT NULL) STRICT;
CREATE TABLE IF NOT EXISTS event(
    id INTEGER PRIMARY KEY,
    source INTEGER NOT NULL, outbox_id INTEGER NOT NULL, key TEXT NOT NULL, hash INTEGER NOT NULL,
    type TEXT NOT NULL, run TEXT NOT NULL, subject TEXT NOT NULL,
    to_kind TEXT NOT NULL, to_ref TEXT NOT NULL, data TEXT NOT NULL,
    occurred_at INTEGER NOT NULL, not_before INTEGER NOT NULL, expires_at INTEGER NOT NULL,
    created_at INTEGER NOT NULL, received_at INTEGER NOT NULL,
    version INTEGER NOT NULL,
    parked TEXT
) STRICT;
CREATE TABLE IF NOT EXISTS message(
    id INTEGER PRIMARY KEY,
    event INTEGER NOT NULL, version INTEGER NOT NULL,
    state INTEGER NOT NULL, parts INTEGER NOT NULL,
    source INTEGER NOT NULL, type INTEGER NOT NULL, pool INTEGER NOT NULL, account INTEGER NOT NULL,
    priority INTEGER NOT NULL, coding INTEGER NOT NULL, on_uncertain INTEGER NOT NULL,
    recipient TEXT NOT NULL, sender TEXT NOT NULL, language TEXT NOT NULL, text TEXT NOT NULL,
    due_at INTEGER NOT NULL, expires_at INTEGER NOT NULL, final_at INTEGER NOT NULL,
    reason TEXT NOT NULL,
    part_state INTEGER, attempts INTEGER, repeats INTEGER, opened_at INTEGER, submitted_at INTEGER,
    ref TEXT, code TEXT, mark TEXT,
    wording INTEGER                    -- months of earlier releases do not have it while nothing is added
) STRICT;
CREATE TABLE IF NOT EXISTS part(
    message INTEGER NOT NULL, n INTEGER NOT NULL,
    part_state INTEGER NOT NULL, attempts INTEGER NOT NULL, repeats INTEGER NOT NULL,
    opened_at INTEGER NOT NULL, submitted_at INTEGER NOT NULL,
    ref TEXT NOT NULL, code TEXT NOT NULL, mark TEXT NOT NULL,
    octets BLOB NOT NULL,
    PRIMARY KEY(message, n)
) STRICT, WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS attempt(
    message INTEGER NOT NULL, n INTEGER NOT NULL, attempt INTEGER NOT NULL,
    closed_at INTEGER NOT NULL, outcome TEXT NOT NULL, code TEXT NOT NULL,
    PRIMARY KEY(message, n, attempt)
) STRICT, WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS letter(message INTEGER PRIMARY KEY, phone TEXT NOT NULL) STRICT; -- as in live.db
CREATE TABLE IF NOT EXISTS copied(   -- one row for each commit: whose messages came with it
    id INTEGER PRIMARY KEY, first INTEGER NOT NULL, last INTEGER NOT NULL, -- ids of messages
    numbers BLOB NOT NULL                  -- see store/copied_numbers.hpp
) STRICT;
CREATE TABLE IF NOT EXISTS ended(    -- what was taken out of it, being kept no longer: names of types, ...
    what TEXT PRIMARY KEY
) STRICT, WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS corrected(message INTEGER PRIMARY KEY) STRICT; -- by a late receipt
CREATE TABLE IF NOT EXISTS correction( -- what such a receipt found
    receipt INTEGER PRIMARY KEY, message INTEGER NOT NULL, n INTEGER NOT NULL, at INTEGER NOT NULL,
    part_was INTEGER NOT NULL, was INTEGER NOT NULL
) STRICT;
CREATE TABLE IF NOT EXISTS decision( -- as in live.db
    about INTEGER NOT NULL, at INTEGER NOT NULL, what TEXT NOT NULL, reason TEXT NOT NULL,
    PRIMARY KEY(about, at)
) STRICT, WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS gone(     -- as `book`: what was taken out of it, being kept no longer
    slot INTEGER NOT NULL, account INTEGER NOT NULL, what INTEGER NOT NULL, n INTEGER NOT NULL,
    PRIMARY KEY(slot, account, what)
) STRICT, WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS inbound(  -- as in live.db; settled
    id INTEGER PRIMARY KEY,
    account INTEGER NOT NULL, sender TEXT NOT NULL, recipient TEXT NOT NULL,
    octets BLOB NOT NULL, text TEXT NOT NULL, data_coding INTEGER NOT NULL, udh INTEGER NOT NULL,
    received_at INTEGER NOT NULL, outcome TEXT NOT NULL, head INTEGER NOT NULL, command TEXT NOT NULL
) STRICT;
-- Carriers write a number in several ways; its last digits are the same in all.
CREATE INDEX IF NOT EXISTS inbound_sender ON inbound(substr(sender, -6), id);
