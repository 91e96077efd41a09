-- Numbers that are being erased, until nothing names them any more.

CREATE TABLE erasure(
    number TEXT PRIMARY KEY, who TEXT NOT NULL, reason TEXT NOT NULL, at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE blank(octets BLOB NOT NULL) STRICT; -- takes free pages, so that nothing is left in them
