-- What the texts of each type said, version by version, and by which one a message was made; who would
-- rather have letters, and whose consent counts for one.

CREATE TABLE wording(          -- kept for ever: a few for each type
    type TEXT NOT NULL, version INTEGER NOT NULL, -- 1, 2, ...
    since INTEGER NOT NULL,    -- in use
    who TEXT NOT NULL,         -- had it put in force; empty: a start did
    written TEXT NOT NULL,     -- as templates/written_wording.hpp has it
    PRIMARY KEY(type, version)
) STRICT, WITHOUT ROWID;

ALTER TABLE message ADD COLUMN wording INTEGER; -- its version; NULL, 0: nobody knows

CREATE INDEX person_by_letter ON person(number, email) WHERE channel='email' AND email<>'';

CREATE TABLE letter(           -- leaves with its message
    message INTEGER PRIMARY KEY,
    phone TEXT NOT NULL        -- of whom it is for
) STRICT;
