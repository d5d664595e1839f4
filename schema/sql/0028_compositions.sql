-- One video of all of a case's recordings: a derivative, which is sealed under their key and goes with them. In the table of
-- objects it is a recording that is derived; to everybody above the store it is a kind of its own.
ALTER TABLE objects ADD COLUMN derived INTEGER NOT NULL DEFAULT 0 CHECK (derived = 0 OR (derived = 1 AND kind = 'recording'));
CREATE TRIGGER objects_stay_derived BEFORE UPDATE OF derived ON objects WHEN new.derived <> old.derived
BEGIN
    SELECT raise(ABORT, 'an original does not become a derivative, nor a derivative an original');
END;

-- What was asked for, and what became of it. One is made at a time, in the order in which they were asked for.
CREATE TABLE compositions (
    id         TEXT PRIMARY KEY,
    case_id    TEXT NOT NULL REFERENCES cases (id),
    state      TEXT NOT NULL CHECK (state IN ('queued', 'making', 'done', 'failed', 'stopped', 'removed')),
    reason     TEXT,              -- of one that failed: a code
    asked_by   TEXT NOT NULL REFERENCES users (id),
    asked_us   INTEGER NOT NULL CHECK (asked_us > 0),
    attempts   INTEGER NOT NULL DEFAULT 0 CHECK (attempts >= 0),
    started_us INTEGER NOT NULL DEFAULT 0,
    ended_us   INTEGER NOT NULL DEFAULT 0,
    object_id  TEXT REFERENCES objects (id), -- of one that is being made, is done or was removed
    CHECK ((state = 'failed') = (reason IS NOT NULL)),
    CHECK (state NOT IN ('making', 'done') OR object_id IS NOT NULL)
) STRICT;
CREATE INDEX compositions_by_case ON compositions (case_id, asked_us, id);
CREATE INDEX compositions_open ON compositions (asked_us, id) WHERE state IN ('queued', 'making');
CREATE INDEX compositions_by_object ON compositions (object_id) WHERE object_id IS NOT NULL;
CREATE TRIGGER compositions_ended BEFORE UPDATE ON compositions
WHEN new.case_id <> old.case_id OR new.asked_by <> old.asked_by OR new.asked_us <> old.asked_us
     OR (old.state IN ('failed', 'stopped', 'removed') AND new.state <> 'removed')
     OR (old.state = 'done' AND new.state <> 'removed')
BEGIN
    SELECT raise(ABORT, 'what became of a composition is not changed');
END;
