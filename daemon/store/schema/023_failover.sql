-- Texts that failed, or had no receipt in time, and go once more by another account. Rows leave with their
-- message.

CREATE TABLE failover(
    message INTEGER PRIMARY KEY,
    times INTEGER NOT NULL,        -- how often
    waits INTEGER NOT NULL         -- 1: in the queue or set aside, and still as the last account left it
) STRICT;

CREATE TABLE failover_part(        -- what an account had of it
    message INTEGER NOT NULL, times INTEGER NOT NULL, n INTEGER NOT NULL,
    account INTEGER NOT NULL, ref TEXT NOT NULL,
    event INTEGER NOT NULL,        -- what its receipt says, which is not told while another account may do
                                   -- better; -1: nothing yet
    code TEXT NOT NULL, at INTEGER NOT NULL,
    PRIMARY KEY(message, times, n)
) STRICT, WITHOUT ROWID;
