-- What a party agrees to is a ledger: each word of it an entry, none of them changed; the last one of a kind holds.
CREATE TABLE consent_entries (
    id          INTEGER PRIMARY KEY,
    case_id     TEXT NOT NULL REFERENCES cases (id),
    party_id    TEXT REFERENCES parties (id),
    kind        TEXT NOT NULL CHECK (length(kind) BETWEEN 1 AND 64),
    given       INTEGER NOT NULL CHECK (given IN (0, 1)),
    at_us       INTEGER NOT NULL,
    recorded_by TEXT REFERENCES users (id) -- whom of the staff the party told; NULL: by its own hand
) STRICT;
CREATE INDEX consent_entries_by_case ON consent_entries (case_id, party_id, kind, id);
INSERT INTO consent_entries (case_id, party_id, kind, given, at_us, recorded_by)
    SELECT case_id, party_id, kind, withdrawn_us = 0, at_us, recorded_by FROM consents ORDER BY at_us, rowid;
DROP TABLE consents;
CREATE TRIGGER consent_entries_no_update BEFORE UPDATE ON consent_entries
BEGIN
    SELECT raise(ABORT, 'a consent is not changed');
END;
CREATE TRIGGER consent_entries_no_delete BEFORE DELETE ON consent_entries
BEGIN
    SELECT raise(ABORT, 'a consent is kept');
END;

-- A case that its party has left keeps little (PIPL, art. 19): when that was made true.
ALTER TABLE cases ADD COLUMN minimised_us INTEGER NOT NULL DEFAULT 0;
CREATE INDEX cases_to_minimise ON cases (id) WHERE state = 'expired' AND minimised_us = 0;
