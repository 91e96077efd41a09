-- What is counted in the commit of each change, so that anybody can check later that nothing was lost; and what
-- was decided about events and messages and is not plain from their rows any more.

CREATE TABLE book(             -- kept as long as operations
    slot INTEGER NOT NULL,     -- quarter of an hour in which the event or message was made: since 1970, UTC
    account INTEGER NOT NULL,  -- of parts; 0: of events and messages
    what INTEGER NOT NULL,     -- see store/books.hpp
    n INTEGER NOT NULL,
    PRIMARY KEY(slot, account, what)
) STRICT, WITHOUT ROWID;

-- What was there before is in no book.
INSERT INTO mark SELECT 'books begin', max(
    ifnull((SELECT max(id) FROM event), 0), ifnull((SELECT max(id) FROM message), 0),
    ifnull((SELECT max(last_event) FROM key_slice), 0),
    ifnull((SELECT value FROM mark WHERE what='last id'), 0));

CREATE TABLE decision(         -- leaves with its event or message
    about INTEGER NOT NULL,    -- id of an event or message
    at INTEGER NOT NULL,
    what TEXT NOT NULL,        -- parked, put off
    reason TEXT NOT NULL,
    PRIMARY KEY(about, at)
) STRICT, WITHOUT ROWID;
