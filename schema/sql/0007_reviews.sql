-- A party's request for a review by the next higher unit (Order 146, arts. 71-79): once per accident, and what came of
-- it. What was asked for is never changed; each step is taken once.
CREATE TABLE reviews (
    id                     TEXT PRIMARY KEY,
    case_id                TEXT NOT NULL UNIQUE REFERENCES cases (id),
    party_id               TEXT NOT NULL REFERENCES parties (id),
    document_id            TEXT NOT NULL REFERENCES documents (id), -- the determination that is reviewed
    sealed_request         BLOB NOT NULL,                           -- what is asked for, why, and the main evidence
    asked_us               INTEGER NOT NULL CHECK (asked_us > 0),
    forwarded_us           INTEGER NOT NULL DEFAULT 0,
    forwarded_by           TEXT REFERENCES users (id),
    packet_object_id       TEXT REFERENCES objects (id),            -- the file as the higher unit got it
    withdrawn_us           INTEGER NOT NULL DEFAULT 0,
    outcome                TEXT CHECK (outcome IN ('upheld', 'upheld_corrected', 'anew')),
    sealed_conclusion      BLOB,                                    -- by which unit and officers, with its grounds
    concluded_us           INTEGER NOT NULL DEFAULT 0,
    concluded_by           TEXT REFERENCES users (id),              -- who entered it here
    conclusion_document_id TEXT REFERENCES documents (id),
    correction_document_id TEXT REFERENCES documents (id),
    served_us              INTEGER NOT NULL DEFAULT 0,
    served_by              TEXT REFERENCES users (id),
    suit_us                INTEGER NOT NULL DEFAULT 0,              -- a court accepted a suit
    sealed_suit            BLOB,
    CHECK ((forwarded_us > 0) = (forwarded_by IS NOT NULL)),
    CHECK ((concluded_us > 0) = (outcome IS NOT NULL AND sealed_conclusion IS NOT NULL AND concluded_by IS NOT NULL)),
    CHECK ((served_us > 0) = (served_by IS NOT NULL)),
    CHECK ((suit_us > 0) = (sealed_suit IS NOT NULL)),
    CHECK (correction_document_id IS NULL OR outcome = 'upheld_corrected'),
    CHECK (concluded_us = 0 OR forwarded_us > 0),
    CHECK (served_us = 0 OR concluded_us > 0),
    CHECK (withdrawn_us = 0 OR concluded_us = 0)
) STRICT;
CREATE INDEX reviews_open ON reviews (asked_us) WHERE served_us = 0 AND withdrawn_us = 0;

CREATE TRIGGER reviews_as_asked BEFORE UPDATE ON reviews
WHEN new.case_id <> old.case_id OR new.party_id <> old.party_id OR new.document_id <> old.document_id
     OR new.sealed_request <> old.sealed_request OR new.asked_us <> old.asked_us
     OR (old.forwarded_us > 0 AND (new.forwarded_us <> old.forwarded_us OR new.packet_object_id IS NOT old.packet_object_id))
     OR (old.withdrawn_us > 0 AND new.withdrawn_us <> old.withdrawn_us)
     OR (old.concluded_us > 0 AND (new.concluded_us <> old.concluded_us OR new.outcome <> old.outcome
                                   OR new.sealed_conclusion <> old.sealed_conclusion))
     OR (old.served_us > 0 AND new.served_us <> old.served_us)
BEGIN
    SELECT raise(ABORT, 'a step of a review is not changed');
END;
CREATE TRIGGER reviews_no_delete BEFORE DELETE ON reviews
BEGIN
    SELECT raise(ABORT, 'a review is kept');
END;

-- A determination that another one has replaced (art. 79). It stays readable; it no longer counts.
CREATE TABLE document_revocations (
    document_id TEXT PRIMARY KEY REFERENCES documents (id),
    replaced_by TEXT NOT NULL REFERENCES documents (id),
    at_us       INTEGER NOT NULL CHECK (at_us > 0)
) STRICT, WITHOUT ROWID;
CREATE TRIGGER document_revocations_no_update BEFORE UPDATE ON document_revocations
BEGIN
    SELECT raise(ABORT, 'a revocation is not changed');
END;
CREATE TRIGGER document_revocations_no_delete BEFORE DELETE ON document_revocations
BEGIN
    SELECT raise(ABORT, 'a revocation is kept');
END;
