-- What parts cost that carriers have accepted: one row for each day, account, source and type.

CREATE TABLE cost(
    day INTEGER NOT NULL,          -- 20261127, in the site's zone
    account INTEGER NOT NULL, source INTEGER NOT NULL, type INTEGER NOT NULL,
    currency TEXT NOT NULL,        -- as the account said then
    parts INTEGER NOT NULL,
    price INTEGER NOT NULL,        -- of all of them, in millionths
    PRIMARY KEY(day, account, source, type, currency)
) STRICT, WITHOUT ROWID;
