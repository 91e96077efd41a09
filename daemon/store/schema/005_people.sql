-- Who stands behind a phone number: people, the utility's customer accounts, and which number may ask
-- about which account. Numbers are E.164 digits without '+'. Empty texts: not known.

CREATE TABLE person(               -- one row for each number something is known of
    number TEXT PRIMARY KEY,
    name TEXT NOT NULL,
    role TEXT NOT NULL,            -- of staff
    tier TEXT NOT NULL, area TEXT NOT NULL, language TEXT NOT NULL,
    pin TEXT NOT NULL,             -- its hash; empty: none
    tries INTEGER NOT NULL,        -- of PINs and codes, since one was right
    locked_until INTEGER NOT NULL, -- no PIN or code of this number is looked at before
    updated_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE customer_account(
    account TEXT PRIMARY KEY,
    name TEXT NOT NULL, area TEXT NOT NULL, tier TEXT NOT NULL, language TEXT NOT NULL,
    updated_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE binding(              -- this number may ask about this account
    number TEXT NOT NULL, account TEXT NOT NULL,
    how INTEGER NOT NULL,          -- binding_way: by text, agent or import
    who TEXT NOT NULL, at INTEGER NOT NULL,
    PRIMARY KEY(number, account)
) STRICT, WITHOUT ROWID;
CREATE INDEX binding_account ON binding(account);

CREATE TABLE binding_log(          -- every binding that came or went; rows are never changed
    id INTEGER PRIMARY KEY,
    number TEXT NOT NULL, account TEXT NOT NULL,
    bound INTEGER NOT NULL,        -- 1: came, 0: went
    how INTEGER NOT NULL, who TEXT NOT NULL, reason TEXT NOT NULL, at INTEGER NOT NULL
) STRICT;
CREATE INDEX binding_log_account ON binding_log(account);
CREATE INDEX binding_log_number ON binding_log(number);

CREATE TABLE binding_code(         -- who knows it may bind a number to the account, once
    account TEXT PRIMARY KEY,
    hash TEXT NOT NULL, expires_at INTEGER NOT NULL,
    tries INTEGER NOT NULL         -- that failed, by whatever number
) STRICT, WITHOUT ROWID;
