-- What cannot be read any more of a damaged history stays an entry: an operation of a kind of its own, which no
-- question about texts or verifications meets. What it was, as far as that is left, stands in `intent`.
-- So that it is known what can be relied upon, each row has a print of what was asked for.
-- A constraint cannot be changed in its place, so the table is made anew and every row carried over.

CREATE TABLE operations_anew (
    row        INTEGER PRIMARY KEY,
    session    INTEGER NOT NULL REFERENCES sessions (session),
    seq        INTEGER NOT NULL,
    at         TEXT NOT NULL,
    kind       TEXT NOT NULL
        CHECK (kind IN ('text', 'verify_start', 'verify_check', 'verify_cancel', 'lookup', 'unreadable')),
    recipient  TEXT,
    body       TEXT,
    intent     TEXT NOT NULL,
    state      TEXT NOT NULL CHECK (state IN ('intended', 'settled', 'not_sent', 'refused', 'unknown')),
    sid        TEXT,
    status     TEXT,
    open       INTEGER NOT NULL CHECK (open IN (0, 1)),
    outcome    TEXT,
    updated_at TEXT NOT NULL,
    account    TEXT,
    -- The number or word of the request in the agent's own system, and who the agent is.
    ticket     TEXT,
    agent      TEXT,
    -- Where Twilio keeps it, and what the clock of the run was ahead of Twilio's.
    home       TEXT,
    skew_seconds INTEGER,
    -- Of all that is asked for; none in what was written before: a disk that changes a digit shows by it.
    print      TEXT,
    -- The rows of one verification are one item; every other row is one by itself.
    item       TEXT NOT NULL GENERATED ALWAYS AS (coalesce(
        CASE WHEN kind LIKE 'verify%' THEN sid END,
        json_extract(intent, '$.verify_check.key.sid'),
        json_extract(intent, '$.verify_cancel.key.sid'),
        session || '-' || seq)) STORED,
    channel    TEXT GENERATED ALWAYS AS (CASE kind WHEN 'text' THEN 'sms' ELSE coalesce(
        json_extract(outcome, '$.verification.channel'),
        json_extract(intent, '$.verify_start.channel'),
        json_extract(intent, '$.unreadable.channel')) END) STORED,
    -- Until when the code is good.
    expires_at TEXT GENERATED ALWAYS AS (json_extract(outcome, '$.verification.expires_at')) STORED,
    -- What Twilio's list of attempts says of the send of a code.
    delivery   TEXT GENERATED ALWAYS AS (json_extract(outcome, '$.verification.delivery.status')) STORED,
    attempt    TEXT GENERATED ALWAYS AS (json_extract(outcome, '$.verification.delivery.attempt')) STORED,
    carrier    TEXT GENERATED ALWAYS AS (json_extract(outcome, '$.verification.delivery.carrier')) STORED,
    error      INTEGER GENERATED ALWAYS AS (coalesce(
        json_extract(outcome, '$.text.error'),
        json_extract(outcome, '$.verification.delivery.error'),
        json_extract(outcome, '$.failure.code'))) STORED,
    UNIQUE (session, seq)
) STRICT;

INSERT INTO operations_anew
    (row, session, seq, at, kind, recipient, body, intent, state, sid, status, open, outcome,
     updated_at, account, ticket, agent, home, skew_seconds)
SELECT row, session, seq, at, kind, recipient, body, intent, state, sid, status, open, outcome,
       updated_at, account, ticket, agent, home, skew_seconds
FROM operations;

DROP TABLE operations;
ALTER TABLE operations_anew RENAME TO operations;

CREATE INDEX operations_unsettled ON operations (state, recipient, row)
    WHERE state IN ('intended', 'unknown');

CREATE INDEX operations_followed ON operations (row)
    WHERE kind = 'text' AND state = 'settled' AND open = 1;

CREATE INDEX operations_of_recipient ON operations (recipient, kind, row)
    WHERE recipient IS NOT NULL;

CREATE INDEX operations_of_sid ON operations (sid, kind, row)
    WHERE sid IS NOT NULL;

-- One attempt is one send: no second row may be credited with it.
CREATE INDEX operations_of_attempt ON operations (attempt)
    WHERE attempt IS NOT NULL;

-- Items, newest first, and all rows of one.
CREATE INDEX operations_of_item ON operations (item, row);

CREATE INDEX operations_of_ticket ON operations (ticket, row)
    WHERE ticket IS NOT NULL;

-- Today, the last hour, and what is too old to be kept.
CREATE INDEX operations_by_time ON operations (at, kind);
