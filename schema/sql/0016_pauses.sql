-- A party says in private that it feels pressed: nobody signs that document until whoever has the case has spoken with it.
-- What it said, and what came of it, is sealed; other parties never learn who it was.
CREATE TABLE pauses (
    id           TEXT PRIMARY KEY,
    case_id      TEXT NOT NULL REFERENCES cases (id),
    document_id  TEXT NOT NULL REFERENCES documents (id),
    party_id     TEXT NOT NULL REFERENCES parties (id),
    sealed_words BLOB,
    said_us      INTEGER NOT NULL CHECK (said_us > 0),
    outcome      TEXT CHECK (outcome IN ('taken_back', 'goes_on', 'officer_sent', 'document_withdrawn', 'lapsed')),
    sealed_note  BLOB,
    ended_us     INTEGER NOT NULL DEFAULT 0,
    ended_by     TEXT REFERENCES users (id), -- NULL: the party itself, or nobody: the document was withdrawn
    CHECK ((outcome IS NULL) = (ended_us = 0)),
    CHECK (outcome IN ('goes_on', 'officer_sent', 'document_withdrawn') OR ended_by IS NULL)
) STRICT;
CREATE UNIQUE INDEX pauses_open ON pauses (document_id, party_id) WHERE outcome IS NULL;
CREATE INDEX pauses_by_case ON pauses (case_id, said_us);
CREATE TRIGGER pauses_ended BEFORE UPDATE ON pauses WHEN old.outcome IS NOT NULL OR new.said_us <> old.said_us
BEGIN
    SELECT raise(ABORT, 'a pause that has ended is not changed');
END;
CREATE TRIGGER pauses_no_delete BEFORE DELETE ON pauses
BEGIN
    SELECT raise(ABORT, 'a pause is kept');
END;
