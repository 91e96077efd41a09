-- The outbox of one source: what a business system inserts into. Apply it once:
--
--     sqlite3 /var/lib/posthorn/outbox/billing.db < outbox.sql
--     chmod 660 /var/lib/posthorn/outbox/billing.db     (SQLite makes it 644; the daemon writes it too)
--
-- The file's name is the source's name. Then one row is one event:
--
--     INSERT INTO outbox(type, key, to_ref, data)
--     VALUES ('bill.issued', 'B-2026-11-0001', '13800138000', '{"account": "...", ...}');
--
-- Rows disappear once they are taken in; what became of them is in ../result/billing.db, by key.
-- The same key again with the same content changes nothing. Rows cannot be updated: insert an event
-- under a new key instead.

PRAGMA busy_timeout = 5000; -- a running daemon looks into the file as soon as it is there
PRAGMA journal_mode = WAL;

CREATE TABLE IF NOT EXISTS outbox (
    id          INTEGER PRIMARY KEY AUTOINCREMENT,
    type        TEXT NOT NULL,                   -- what happened: a file in config/types
    key         TEXT NOT NULL,                   -- your own name for this event, never used twice
    run         TEXT NOT NULL DEFAULT '',        -- the batch it belongs to, e.g. a bill run
    subject     TEXT NOT NULL DEFAULT '',        -- what it is about, so that later events can refer to it
    to_kind     TEXT NOT NULL DEFAULT 'number',  -- number, email, customer, account, group, area, role or topic
    to_ref      TEXT NOT NULL,                   -- the phone number (E.164 or national), or the name of whom
    data        TEXT NOT NULL DEFAULT '{}',      -- JSON object with the fields of the type
    occurred_at INTEGER,                         -- when it happened; all times: microseconds since 1970, UTC
    not_before  INTEGER,                         -- do not send earlier
    expires_at  INTEGER,                         -- do not send later
    created_at  INTEGER NOT NULL DEFAULT (CAST((julianday('now') - 2440587.5) * 86400000000 AS INTEGER))
);

CREATE TRIGGER IF NOT EXISTS outbox_is_append_only BEFORE UPDATE ON outbox
BEGIN
    SELECT RAISE(ABORT, 'outbox rows cannot be changed: insert an event under a new key');
END;
