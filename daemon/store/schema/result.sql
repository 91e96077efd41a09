-- result/SOURCE.db: what became of a source's events, and what phones texted to it. Written by posthornd
-- alone; read it freely:
--
--     SELECT state, final, reason FROM result WHERE key = 'B-2026-11-0001';
--     SELECT * FROM result_recipient WHERE key = 'B-2026-11-0001';
--     SELECT * FROM result_refused ORDER BY id DESC LIMIT 20;
--     SELECT * FROM inbox WHERE id > :the_last_one_i_had ORDER BY id;
--
-- `state`: parked, queued, sending, submitted, delivered, partial, undelivered, rejected, expired, cancelled,
-- suppressed, unconfirmed, uncertain; of an event to a topic, published. An event for many is expanding until
-- all its messages are made, then sending; result counts them, result_recipient has each. `final` is 1 when it will not change any more (but for a late receipt).

CREATE TABLE IF NOT EXISTS result_row(
    id           INTEGER PRIMARY KEY,   -- outbox id; below zero: it came by HTTP
    key          TEXT NOT NULL,
    type         TEXT NOT NULL,
    run          TEXT NOT NULL,
    event        INTEGER NOT NULL,      -- posthorn show EVENT
    version      INTEGER NOT NULL,      -- rises with every change
    state        TEXT NOT NULL,
    final        INTEGER NOT NULL,
    reason       TEXT NOT NULL,         -- in words, when not plainly delivered
    recipient    TEXT NOT NULL,
    parts        INTEGER NOT NULL,      -- texts on the phone bill
    repeats      INTEGER NOT NULL,      -- times a part was sent again without knowing whether the first arrived
    received_at  INTEGER NOT NULL,      -- microseconds since 1970, UTC; 0 for not yet
    submitted_at INTEGER NOT NULL,
    final_at     INTEGER NOT NULL,
    updated_at   INTEGER NOT NULL,
    slice        INTEGER NOT NULL       -- id / 32768
) STRICT;

-- Keys are found by slices of 32,768 neighbouring ids, so that writing a result never touches more than
-- the newest slice, however many years lie before it.
CREATE INDEX IF NOT EXISTS result_key ON result_row(slice, key);
-- A parked event that was corrected by a later row: the earlier row's result goes.
CREATE INDEX IF NOT EXISTS result_parked ON result_row(key) WHERE state = 'parked';
CREATE TABLE IF NOT EXISTS result_slice(slice INTEGER PRIMARY KEY) STRICT;

-- The messages of events for many, and what they come to.
CREATE TABLE IF NOT EXISTS recipient_row(
    id           INTEGER NOT NULL,      -- of result_row
    message      INTEGER NOT NULL,      -- posthorn show MESSAGE
    version      INTEGER NOT NULL,
    recipient    TEXT NOT NULL,
    state        TEXT NOT NULL,
    final        INTEGER NOT NULL,
    reason       TEXT NOT NULL,
    parts        INTEGER NOT NULL,
    repeats      INTEGER NOT NULL,
    submitted_at INTEGER NOT NULL,
    final_at     INTEGER NOT NULL,
    PRIMARY KEY(id, message)
) STRICT, WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS recipient_count(
    id           INTEGER PRIMARY KEY,   -- of result_row
    made         INTEGER NOT NULL,      -- messages, by the event's own word
    done         INTEGER NOT NULL,      -- 1: no more will be made
    told         INTEGER NOT NULL,      -- rows in recipient_row
    ended        INTEGER NOT NULL,      -- of those, final
    delivered    INTEGER NOT NULL,
    parts        INTEGER NOT NULL,
    repeats      INTEGER NOT NULL
) STRICT;

-- Made anew each time the file is opened: it may be of an earlier release.
DROP VIEW IF EXISTS result;
CREATE VIEW result AS
SELECT r.key, r.state, r.final, r.reason,
       ifnull(max(c.made, c.told), r.parts > 0) AS messages,
       ifnull(c.delivered, r.state = 'delivered') AS delivered,
       ifnull(c.ended - c.delivered,
              r.final AND r.state NOT IN ('delivered', 'parked', 'published')) AS failed,
       r.parts, r.repeats, r.type, r.run, r.id, r.event, r.version,
       r.received_at, r.submitted_at, r.final_at, r.updated_at
FROM result_slice AS s CROSS JOIN result_row AS r ON r.slice = s.slice
LEFT JOIN recipient_count AS c ON c.id = r.id;

DROP VIEW IF EXISTS result_recipient;
CREATE VIEW result_recipient AS
SELECT r.key, r.recipient, r.state, r.final, r.reason, r.parts, r.repeats, r.submitted_at, r.final_at
FROM result_slice AS s CROSS JOIN result_row AS r ON r.slice = s.slice
WHERE r.recipient <> ''
UNION ALL
SELECT r.key, m.recipient, m.state, m.final, m.reason, m.parts, m.repeats, m.submitted_at, m.final_at
FROM result_slice AS s CROSS JOIN result_row AS r ON r.slice = s.slice
CROSS JOIN recipient_row AS m ON m.id = r.id;

-- Results that the source has yet to be told by callback, when it has one.
CREATE TABLE IF NOT EXISTS callback(
    id     INTEGER PRIMARY KEY,         -- of result_row
    since  INTEGER NOT NULL,
    due_at INTEGER NOT NULL,
    tries  INTEGER NOT NULL             -- failed ones
) STRICT;
CREATE INDEX IF NOT EXISTS callback_due ON callback(due_at, id);

CREATE TABLE IF NOT EXISTS result_refused(
    id      INTEGER PRIMARY KEY,
    row     INTEGER NOT NULL,           -- outbox id of the refused row
    key     TEXT NOT NULL,
    type    TEXT NOT NULL,
    what    TEXT NOT NULL,              -- duplicate, key_reused
    reason  TEXT NOT NULL,
    at      INTEGER NOT NULL
) STRICT;

-- What phones texted and is the source's own matter. Ids only rise, in the order in which texts came.
CREATE TABLE IF NOT EXISTS inbox(
    id          INTEGER PRIMARY KEY,
    kind        TEXT NOT NULL,          -- text; or what a query code hands on: contact_change, crew_report
    number      TEXT NOT NULL,          -- the phone, E.164 without '+'
    recipient   TEXT NOT NULL,          -- our number that was texted
    text        TEXT NOT NULL,          -- as it was written
    data        TEXT NOT NULL,          -- JSON: what was understood; {}: nothing
    received_at INTEGER NOT NULL,
    written_at  INTEGER NOT NULL        -- here; rows go keep_results later
) STRICT;

-- Those that the source has yet to be told by callback, when it has one: of each phone in their order.
CREATE TABLE IF NOT EXISTS inbox_callback(
    id     INTEGER PRIMARY KEY,         -- of inbox
    number TEXT NOT NULL,
    since  INTEGER NOT NULL,
    due_at INTEGER NOT NULL,
    tries  INTEGER NOT NULL             -- failed ones
) STRICT;
CREATE INDEX IF NOT EXISTS inbox_callback_due ON inbox_callback(due_at, id);
CREATE INDEX IF NOT EXISTS inbox_callback_number ON inbox_callback(number, id);
