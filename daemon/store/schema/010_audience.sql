-- Whom an event concerns when it is not one number, and how far it has been told to them.

ALTER TABLE binding ADD COLUMN contact TEXT NOT NULL DEFAULT '';   -- payer, technical ...; '': whatever comes
ALTER TABLE customer_account ADD COLUMN customer TEXT NOT NULL DEFAULT ''; -- whose: one may have several
CREATE INDEX customer_account_customer ON customer_account(customer) WHERE customer <> '';
CREATE INDEX customer_account_area ON customer_account(area) WHERE area <> '';
CREATE INDEX person_role ON person(role) WHERE role <> '';

CREATE TABLE area(                 -- a tree: substation, feeder line, transformer area, address
    area TEXT PRIMARY KEY,
    parent TEXT NOT NULL,          -- '': none
    name TEXT NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX area_parent ON area(parent) WHERE parent <> '';

CREATE TABLE people_group(         -- whoever this is true of; '': any. Its members beside that
    name TEXT PRIMARY KEY,
    tier TEXT NOT NULL, area TEXT NOT NULL, language TEXT NOT NULL, role TEXT NOT NULL,
    filters INTEGER NOT NULL       -- 0: members only
) STRICT, WITHOUT ROWID;
CREATE TABLE group_member(
    name TEXT NOT NULL,
    number TEXT NOT NULL, account TEXT NOT NULL, -- one of them; the other is ''
    PRIMARY KEY(name, number, account)
) STRICT, WITHOUT ROWID;

CREATE TABLE expansion(            -- of an event for many into messages
    event INTEGER PRIMARY KEY,
    through_number TEXT NOT NULL, through_account TEXT NOT NULL, -- the last recipient served
    made INTEGER NOT NULL,         -- messages
    done_at INTEGER NOT NULL,      -- 0: it is still going on
    reason TEXT NOT NULL,          -- why it ended before all were served
    told INTEGER NOT NULL          -- 1: its source knows that it is done
) STRICT;
CREATE INDEX expansion_open ON expansion(event) WHERE done_at = 0;
CREATE TABLE recipient(            -- messages of such an event that are in live.db
    event INTEGER NOT NULL, message INTEGER NOT NULL,
    PRIMARY KEY(event, message)
) STRICT, WITHOUT ROWID;
CREATE TABLE expansion_tally(      -- and those in history, by state
    event INTEGER NOT NULL, state INTEGER NOT NULL, n INTEGER NOT NULL,
    PRIMARY KEY(event, state)
) STRICT, WITHOUT ROWID;
