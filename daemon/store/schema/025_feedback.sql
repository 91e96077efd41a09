-- The writer counts what it tells: SQLite keeping count as well was one more page in each commit.

CREATE TABLE feedback_entry(seq INTEGER PRIMARY KEY, at INTEGER NOT NULL, entries BLOB NOT NULL) STRICT;
INSERT INTO feedback_entry SELECT seq, at, entries FROM feedback;
DROP TABLE feedback;
ALTER TABLE feedback_entry RENAME TO feedback;
