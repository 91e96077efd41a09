-- A type or run may be paused for one source only.

ALTER TABLE pause RENAME TO pause_of_all;

CREATE TABLE pause(                -- what may not send until it is resumed
    kind INTEGER NOT NULL,         -- scope_kind
    name TEXT NOT NULL,            -- empty for everything
    source TEXT NOT NULL,          -- of a type or run: of this source; empty: of every source
    stopped INTEGER NOT NULL,      -- 1: what has not left is cancelled, and what comes later too
    who TEXT NOT NULL, reason TEXT NOT NULL, at INTEGER NOT NULL,
    PRIMARY KEY(kind, name, source)
) STRICT, WITHOUT ROWID;

INSERT INTO pause SELECT kind, name, '', stopped, who, reason, at FROM pause_of_all;

DROP TABLE pause_of_all;
