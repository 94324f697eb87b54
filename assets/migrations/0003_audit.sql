-- The audit: one line for each step of each operation, in the transaction that makes the step, each with the
-- hash of the one before it. No number, no text, no name and no code is in here, so that an entry of the
-- history can be deleted and its lines stay.

CREATE TABLE audit (
    number    INTEGER PRIMARY KEY,
    at        TEXT NOT NULL,
    event     TEXT NOT NULL,
    -- The operation, as session-seq; none where a line is about the chain itself.
    operation TEXT,
    kind      TEXT,
    state     TEXT,
    -- Twilio's word for how it stands, or the kind of the failure.
    outcome   TEXT,
    sid       TEXT,
    error     INTEGER,
    -- Which key the hash was made with; none where there was no key.
    key       TEXT,
    previous  TEXT NOT NULL,
    hash      TEXT NOT NULL
) STRICT;

-- All lines of an operation, and the last one.
CREATE INDEX audit_of_operation ON audit (operation, number)
    WHERE operation IS NOT NULL;

-- Against our own mistakes: whoever means harm can drop them, and is found out by the hashes.
CREATE TRIGGER audit_is_not_changed BEFORE UPDATE ON audit
    BEGIN SELECT raise(ABORT, 'a line of the audit is never changed'); END;
CREATE TRIGGER audit_is_not_removed BEFORE DELETE ON audit
    BEGIN SELECT raise(ABORT, 'a line of the audit is never removed'); END;
