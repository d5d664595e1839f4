-- The second look (src/domain/blind.h): which sampled cases get one, who looks without knowing what the first came to, and what
-- both said.
ALTER TABLE samples ADD COLUMN blind_percent INTEGER NOT NULL DEFAULT 0 CHECK (blind_percent BETWEEN 0 AND 100);
DROP TRIGGER samples_committed;
CREATE TRIGGER samples_committed BEFORE UPDATE ON samples
WHEN old.drawn_us > 0 OR new.number <> old.number OR new.commitment <> old.commitment OR new.from_us <> old.from_us
     OR new.to_us <> old.to_us OR new.percent <> old.percent OR new.blind_percent <> old.blind_percent
BEGIN
    SELECT raise(ABORT, 'a sample, and what was committed to, are not changed');
END;

ALTER TABLE sample_cases ADD COLUMN blind INTEGER NOT NULL DEFAULT 0 CHECK (blind IN (0, 1));
CREATE INDEX sample_cases_blind ON sample_cases (case_id) WHERE blind = 1;

-- One row for each who was drawn to look: a case has a further one where somebody gave it back.
CREATE TABLE blind_looks (
    id           TEXT PRIMARY KEY,
    case_id      TEXT NOT NULL REFERENCES cases (id),
    sample       INTEGER NOT NULL REFERENCES samples (number),
    turn         INTEGER NOT NULL CHECK (turn >= 1),
    user_id      TEXT NOT NULL REFERENCES users (id),
    first_id     TEXT NOT NULL REFERENCES users (id), -- who looked first
    assigned_us  INTEGER NOT NULL,
    due_us       INTEGER NOT NULL CHECK (due_us > assigned_us),
    outcome      TEXT CHECK (outcome IN ('handed_in', 'given_back')),
    ended_us     INTEGER NOT NULL DEFAULT 0,
    sealed_words BLOB, -- what was written beside the codes, or why it was given back
    UNIQUE (case_id, sample, turn),
    CHECK ((outcome IS NULL) = (ended_us = 0))
) STRICT;
-- Asked whenever somebody who may be blind opens a case.
CREATE UNIQUE INDEX blind_looks_open ON blind_looks (user_id, case_id) WHERE ended_us = 0;
CREATE INDEX blind_looks_ended ON blind_looks (ended_us);
CREATE TRIGGER blind_looks_end_once BEFORE UPDATE ON blind_looks
WHEN new.id <> old.id OR new.case_id <> old.case_id OR new.sample <> old.sample OR new.turn <> old.turn
     OR new.user_id <> old.user_id OR new.first_id <> old.first_id OR new.assigned_us <> old.assigned_us
     OR new.due_us <> old.due_us OR (old.ended_us > 0 AND (new.outcome <> old.outcome OR new.ended_us <> old.ended_us))
     OR (old.ended_us > 0 AND new.sealed_words IS NOT NULL)
BEGIN
    SELECT raise(ABORT, 'who looks is drawn once, and a look ends once');
END;
CREATE TRIGGER blind_looks_no_delete BEFORE DELETE ON blind_looks
BEGIN
    SELECT raise(ABORT, 'a look is not deleted');
END;

-- Codes alone, so that how far both agree is still known when the case is erased. `first` as it was when the second was handed in.
CREATE TABLE blind_answers (
    look_id  TEXT NOT NULL REFERENCES blind_looks (id),
    question TEXT NOT NULL CHECK (question IN ('liability', 'accident_form', 'safety', 'evidence', 'procedure', 'manner')),
    first    TEXT, -- NULL: the first said nothing of it
    second   TEXT NOT NULL,
    PRIMARY KEY (look_id, question)
) STRICT, WITHOUT ROWID;
CREATE TRIGGER blind_answers_no_update BEFORE UPDATE ON blind_answers
BEGIN
    SELECT raise(ABORT, 'an answer is not changed');
END;
CREATE TRIGGER blind_answers_no_delete BEFORE DELETE ON blind_answers
BEGIN
    SELECT raise(ABORT, 'an answer is not deleted');
END;

-- Cases are found by who bears what, too: read again, while the service runs.
UPDATE case_search SET indexed = 0;
