-- Who may be sent what: each word about it for ever, and what they come to now.

CREATE TABLE consent(              -- the ledger: rows are added, never changed or removed
    id INTEGER PRIMARY KEY, at INTEGER NOT NULL,
    number TEXT NOT NULL,          -- E.164 without '+'
    what TEXT NOT NULL,            -- out, in
    category TEXT NOT NULL,        -- or 'all': all that asks for consent
    how TEXT NOT NULL,             -- text, agent, import, carrier
    who TEXT NOT NULL,             -- the user, or the name of a token; empty: the phone itself
    inbound INTEGER NOT NULL,      -- the text that said so; 0: none
    words TEXT NOT NULL,           -- by which it did
    reason TEXT NOT NULL           -- in a person's words
) STRICT;
CREATE INDEX consent_number ON consent(number, id);

CREATE TABLE consent_now(          -- only of numbers that are out of something
    number INTEGER NOT NULL,       -- its digits
    entry INTEGER NOT NULL,        -- of the ledger
    categories INTEGER NOT NULL,   -- that no earlier entry keeps back; one bit each
    how INTEGER NOT NULL,          -- consent_way
    PRIMARY KEY(number, entry)
) STRICT, WITHOUT ROWID;
