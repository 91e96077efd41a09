-- Numbers that are not answered for a time.

CREATE TABLE nuisance(
    number TEXT PRIMARY KEY, since INTEGER NOT NULL, until INTEGER NOT NULL,
    who TEXT NOT NULL, reason TEXT NOT NULL
) STRICT, WITHOUT ROWID;
