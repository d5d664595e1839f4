-- The auditor's desk: why somebody looks at the evidence of a case, and what was found in it.

-- A stated purpose opens the evidence of one case to one session for some hours.
CREATE TABLE case_accesses (
    id          TEXT PRIMARY KEY,
    case_id     TEXT NOT NULL REFERENCES cases (id),
    user_id     TEXT NOT NULL REFERENCES users (id),
    session     TEXT NOT NULL,
    purpose     TEXT NOT NULL CHECK (purpose IN ('complaint', 'review', 'sample', 'court', 'training', 'other')),
    sealed_note BLOB,
    stated_us   INTEGER NOT NULL,
    until_us    INTEGER NOT NULL CHECK (until_us > stated_us)
) STRICT;
CREATE INDEX case_accesses_of_session ON case_accesses (case_id, user_id, session, until_us);
CREATE TRIGGER case_accesses_no_update BEFORE UPDATE ON case_accesses
WHEN new.sealed_note IS NOT NULL OR new.case_id <> old.case_id OR new.user_id <> old.user_id OR new.purpose <> old.purpose
     OR new.stated_us <> old.stated_us OR new.until_us <> old.until_us
BEGIN
    SELECT raise(ABORT, 'a stated purpose is not changed');
END;

-- What an auditor finds in a case, what its officer answers, and what becomes of it. Each step is taken once.
CREATE TABLE findings (
    id             TEXT PRIMARY KEY,
    case_id        TEXT NOT NULL REFERENCES cases (id),
    officer_id     TEXT REFERENCES users (id), -- whose case it was
    severity       TEXT NOT NULL CHECK (severity IN ('note', 'minor', 'major', 'critical')),
    criterion      TEXT NOT NULL CHECK (criterion IN ('safety', 'evidence', 'procedure', 'determination', 'documents',
                                                      'manner', 'other')),
    mark_us        INTEGER NOT NULL DEFAULT 0, -- the moment that it is about; 0: none
    sealed_text    BLOB,
    found_by       TEXT NOT NULL REFERENCES users (id),
    found_us       INTEGER NOT NULL,
    answer         TEXT CHECK (answer IN ('accepted', 'contested')),
    sealed_answer  BLOB,
    answered_by    TEXT REFERENCES users (id),
    answered_us    INTEGER NOT NULL DEFAULT 0,
    closing        TEXT CHECK (closing IN ('upheld', 'withdrawn')),
    sealed_closing BLOB,
    closed_by      TEXT REFERENCES users (id),
    closed_us      INTEGER NOT NULL DEFAULT 0,
    CHECK ((answer IS NULL) = (answered_us = 0)),
    CHECK ((closing IS NULL) = (closed_us = 0))
) STRICT;
CREATE INDEX findings_by_case ON findings (case_id, found_us);
CREATE INDEX findings_open ON findings (officer_id, found_us) WHERE closed_us = 0;
CREATE TRIGGER findings_as_found BEFORE UPDATE ON findings
WHEN new.case_id <> old.case_id OR new.severity <> old.severity OR new.criterion <> old.criterion OR new.mark_us <> old.mark_us
     OR new.found_by <> old.found_by OR new.found_us <> old.found_us OR (old.answered_us > 0 AND new.answer <> old.answer)
     OR old.closed_us > new.closed_us OR (old.closed_us > 0 AND new.closing <> old.closing)
BEGIN
    SELECT raise(ABORT, 'a step of a finding is not changed');
END;
CREATE TRIGGER findings_no_delete BEFORE DELETE ON findings
BEGIN
    SELECT raise(ABORT, 'a finding is not deleted');
END;

-- How well a case was handled, by each who judged it.
CREATE TABLE case_scores (
    case_id   TEXT NOT NULL REFERENCES cases (id),
    user_id   TEXT NOT NULL REFERENCES users (id),
    criterion TEXT NOT NULL CHECK (criterion IN ('safety', 'evidence', 'procedure', 'determination', 'documents', 'manner')),
    score     INTEGER NOT NULL CHECK (score BETWEEN 1 AND 5),
    scored_us INTEGER NOT NULL,
    PRIMARY KEY (case_id, user_id, criterion)
) STRICT, WITHOUT ROWID;

-- Random samples (src/domain/sample.h): one period after the other, each committed to before it ends.
CREATE TABLE samples (
    number       INTEGER PRIMARY KEY CHECK (number >= 1),
    from_us      INTEGER NOT NULL,
    to_us        INTEGER NOT NULL CHECK (to_us > from_us),
    percent      INTEGER NOT NULL CHECK (percent BETWEEN 0 AND 100),
    commitment   TEXT NOT NULL CHECK (length(commitment) = 64), -- SHA-256 of the seed
    committed_us INTEGER NOT NULL CHECK (committed_us < to_us),
    sealed_seed  BLOB, -- under the master key, until it is published
    seed         TEXT CHECK (length(seed) = 64),
    candidates   INTEGER NOT NULL DEFAULT 0,
    drawn_us     INTEGER NOT NULL DEFAULT 0,
    CHECK ((drawn_us = 0) = (seed IS NULL)),
    CHECK ((drawn_us = 0) = (sealed_seed IS NOT NULL))
) STRICT;
CREATE UNIQUE INDEX samples_open ON samples (drawn_us) WHERE drawn_us = 0;
CREATE TRIGGER samples_committed BEFORE UPDATE ON samples
WHEN old.drawn_us > 0 OR new.number <> old.number OR new.commitment <> old.commitment OR new.from_us <> old.from_us
     OR new.to_us <> old.to_us OR new.percent <> old.percent
BEGIN
    SELECT raise(ABORT, 'a sample, and what was committed to, are not changed');
END;
CREATE TRIGGER samples_no_delete BEFORE DELETE ON samples
BEGIN
    SELECT raise(ABORT, 'a sample is not deleted');
END;

CREATE TABLE sample_cases (
    number  INTEGER NOT NULL REFERENCES samples (number),
    case_id TEXT NOT NULL REFERENCES cases (id),
    reason  TEXT NOT NULL CHECK (reason IN ('random', 'refused', 'objected', 'review')),
    PRIMARY KEY (number, case_id)
) STRICT, WITHOUT ROWID;
