-- What policy keeps back.

CREATE TABLE counted(              -- texts of categories with caps, or where the same text goes once
    at INTEGER NOT NULL,           -- of the first intent
    message INTEGER NOT NULL,
    number INTEGER NOT NULL,       -- its digits
    category INTEGER NOT NULL,
    text INTEGER NOT NULL,         -- a hash; 0: any like it may be sent again
    PRIMARY KEY(at, message)
) STRICT, WITHOUT ROWID;

CREATE TABLE put_off(              -- queued messages that wait for the end of quiet hours; then no more of it
    until INTEGER NOT NULL, message INTEGER NOT NULL,
    PRIMARY KEY(until, message)
) STRICT, WITHOUT ROWID;
