-- Notices that are taken back by name, and items of topics that go the way of the events they come of.

CREATE TABLE cancellation(         -- of an event for many or for a topic, while something of it may be under way
    event INTEGER PRIMARY KEY,
    what TEXT NOT NULL,            -- its type and key
    reason TEXT NOT NULL, at INTEGER NOT NULL
) STRICT;

-- Of the events that an item comes of.
ALTER TABLE publication ADD COLUMN source INTEGER NOT NULL DEFAULT 0;
ALTER TABLE publication ADD COLUMN subject TEXT NOT NULL DEFAULT '';     -- '': none, or not one
ALTER TABLE publication ADD COLUMN what TEXT NOT NULL DEFAULT '';        -- type and key of the last
ALTER TABLE publication ADD COLUMN happened_at INTEGER NOT NULL DEFAULT 0;
ALTER TABLE publication ADD COLUMN reason TEXT NOT NULL DEFAULT '';      -- why it ended before all were served
CREATE INDEX publication_subject ON publication(source, subject) WHERE subject <> '';

-- What a timer makes belongs to the batch of the event that began it.
ALTER TABLE timer_step ADD COLUMN run TEXT NOT NULL DEFAULT '';

CREATE TABLE household(            -- whose messages are, of types that collapse by account or customer
    message INTEGER PRIMARY KEY,
    household INTEGER NOT NULL     -- a hash
) STRICT;
CREATE TABLE cover(                -- the last text that left for a household and type, for a while
    household INTEGER PRIMARY KEY, -- with the type: a hash
    message INTEGER NOT NULL, made_at INTEGER NOT NULL
) STRICT;
