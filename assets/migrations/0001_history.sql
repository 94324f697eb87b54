-- The history: one row for each operation, written before anything is sent and settled afterwards.
-- Columns are what a query asks for; what only travels along stands in `intent` and `outcome` as JSON.
-- No verification code and no secret is ever in here.

-- One number for each run of the program, never given out again: it makes operation ids unique.
CREATE TABLE sessions (
    session    INTEGER PRIMARY KEY AUTOINCREMENT,
    started_at TEXT NOT NULL
) STRICT;

CREATE TABLE operations (
    row        INTEGER PRIMARY KEY,
    session    INTEGER NOT NULL REFERENCES sessions (session),
    seq        INTEGER NOT NULL,
    at         TEXT NOT NULL,
    kind       TEXT NOT NULL CHECK (kind IN ('text', 'verify_start', 'verify_check', 'verify_cancel')),
    recipient  TEXT,
    body       TEXT,
    intent     TEXT NOT NULL,
    state      TEXT NOT NULL CHECK (state IN ('intended', 'settled', 'not_sent', 'refused', 'unknown')),
    sid        TEXT,
    status     TEXT,
    -- 1 while more news is to be expected of a settled operation.
    open       INTEGER NOT NULL CHECK (open IN (0, 1)),
    outcome    TEXT,
    updated_at TEXT NOT NULL,
    -- Whose it is: only there can it be looked up.
    account    TEXT,
    UNIQUE (session, seq)
) STRICT;

-- The twin rule, recovery, and what is to be looked up.
CREATE INDEX operations_unsettled ON operations (state, recipient, row)
    WHERE state IN ('intended', 'unknown');

-- Texts to be followed.
CREATE INDEX operations_followed ON operations (row)
    WHERE kind = 'text' AND state = 'settled' AND open = 1;

-- The last text, or the last verification, of a person.
CREATE INDEX operations_of_recipient ON operations (recipient, kind, row)
    WHERE recipient IS NOT NULL;

CREATE INDEX operations_of_sid ON operations (sid, kind, row)
    WHERE sid IS NOT NULL;
