-- Who wants what topics publish, and how far each item has gone.

CREATE TABLE subscription(
    topic TEXT NOT NULL,
    number TEXT NOT NULL,          -- E.164 without '+'
    parameter TEXT NOT NULL,       -- which of the topic's: an area, a brand; '': it has none
    language TEXT NOT NULL,        -- '': the topic's own
    paused INTEGER NOT NULL,
    hours_from INTEGER NOT NULL, hours_to INTEGER NOT NULL, -- minutes of the day; equal: all day
    expires_at INTEGER NOT NULL,   -- 0: never
    PRIMARY KEY(topic, number, parameter)
) STRICT, WITHOUT ROWID;
CREATE INDEX subscription_number ON subscription(number);
CREATE INDEX subscription_parameter ON subscription(topic, parameter, number);
CREATE INDEX subscription_expires ON subscription(expires_at) WHERE expires_at > 0;

CREATE TABLE subscription_log(     -- rows are added, never changed
    id INTEGER PRIMARY KEY, at INTEGER NOT NULL,
    topic TEXT NOT NULL, number TEXT NOT NULL, parameter TEXT NOT NULL,
    what TEXT NOT NULL,            -- subscription_change
    how INTEGER NOT NULL,          -- binding_way
    who TEXT NOT NULL,             -- the user, or the name of a token; '': the phone itself
    inbound INTEGER NOT NULL,      -- the text that said so; 0: none
    reason TEXT NOT NULL
) STRICT;
CREATE INDEX subscription_log_number ON subscription_log(number, id);

CREATE TABLE publication(          -- items of topics; remembered, so that none is sent twice
    id INTEGER PRIMARY KEY, at INTEGER NOT NULL,
    topic TEXT NOT NULL, item TEXT NOT NULL,
    parameter TEXT NOT NULL,       -- of the subscriptions it is for; '': of all
    data TEXT NOT NULL,            -- '' once it is done
    not_before INTEGER NOT NULL, expires_at INTEGER NOT NULL, -- of its messages
    event INTEGER NOT NULL,        -- it comes of; 0: of a schedule
    through_number TEXT NOT NULL, through_parameter TEXT NOT NULL, -- the last subscriber served
    made INTEGER NOT NULL,         -- events so far
    done_at INTEGER NOT NULL,      -- 0: it is still going on
    UNIQUE(topic, item)
) STRICT;
CREATE INDEX publication_event ON publication(event) WHERE event > 0;
CREATE INDEX publication_open ON publication(id) WHERE done_at = 0;

CREATE TABLE occurrence(           -- of a topic's schedule: the newest that was taken care of
    topic TEXT PRIMARY KEY, at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
