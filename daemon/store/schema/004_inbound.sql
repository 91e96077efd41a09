-- What became of each text from a phone, and the question a phone was asked last.
ALTER TABLE inbound ADD COLUMN outcome TEXT;                     -- NULL: it waits to be handled
ALTER TABLE inbound ADD COLUMN head INTEGER NOT NULL DEFAULT 0;  -- the text it is a part or a repetition of
ALTER TABLE inbound ADD COLUMN command TEXT NOT NULL DEFAULT ''; -- what it was understood as
UPDATE inbound SET outcome = 'kept';                             -- came before texts were answered
CREATE INDEX inbound_waiting ON inbound(id) WHERE outcome IS NULL;

CREATE TABLE question(         -- one at a time for each phone and number of ours
    number TEXT NOT NULL, recipient TEXT NOT NULL,
    id INTEGER NOT NULL,       -- of the text that led to it
    kind TEXT NOT NULL, data TEXT NOT NULL, tries INTEGER NOT NULL,
    asked_at INTEGER NOT NULL, expires_at INTEGER NOT NULL,
    PRIMARY KEY(number, recipient)
) STRICT, WITHOUT ROWID;
