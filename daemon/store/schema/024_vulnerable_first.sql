-- Of an event to an area, those of vulnerable accounts are told before all others.

ALTER TABLE expansion ADD COLUMN others INTEGER NOT NULL DEFAULT 0; -- 1: they are told, it is at the others
UPDATE expansion SET others = 1;
CREATE TABLE told_first(           -- of such an event, while it is under way: not told again with the others
    event INTEGER NOT NULL, number TEXT NOT NULL,
    PRIMARY KEY(event, number)
) STRICT, WITHOUT ROWID;
CREATE INDEX customer_account_vulnerable_in ON customer_account(area, account)
    WHERE vulnerable <> '' AND area <> '';
