-- What belongs to other systems, until they have it.

CREATE TABLE passed(               -- on its way to a source's inbox and callback
    id INTEGER PRIMARY KEY, at INTEGER NOT NULL,
    source INTEGER NOT NULL, kind TEXT NOT NULL,
    inbound INTEGER NOT NULL, number TEXT NOT NULL, recipient TEXT NOT NULL,
    text TEXT NOT NULL, data TEXT NOT NULL
) STRICT;

CREATE TABLE contact_change(       -- rows stay, as evidence
    id INTEGER PRIMARY KEY, at INTEGER NOT NULL,
    account TEXT NOT NULL, from_number TEXT NOT NULL, to_number TEXT NOT NULL,
    inbound INTEGER NOT NULL, who TEXT NOT NULL, reason TEXT NOT NULL,
    source INTEGER NOT NULL,       -- whose word settles it; 0: only a person's does
    state TEXT NOT NULL,           -- waiting, agreed, refused
    settled_at INTEGER NOT NULL, settled_by TEXT NOT NULL, settled_reason TEXT NOT NULL
) STRICT;
CREATE INDEX contact_change_waiting ON contact_change(account) WHERE state = 'waiting';

CREATE TABLE work_report(          -- what crews work on, by their own word
    id INTEGER PRIMARY KEY, at INTEGER NOT NULL,
    number TEXT NOT NULL, worker TEXT NOT NULL, area TEXT NOT NULL, place TEXT NOT NULL,
    work TEXT NOT NULL,
    begins_at INTEGER NOT NULL, ends_at INTEGER NOT NULL, -- 0: not said
    inbound INTEGER NOT NULL, who TEXT NOT NULL,
    ended_at INTEGER NOT NULL, ended_by TEXT NOT NULL     -- 0: it goes on
) STRICT;
CREATE INDEX work_report_open ON work_report(area) WHERE ended_at = 0;
