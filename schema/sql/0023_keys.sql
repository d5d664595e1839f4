-- Keys of cases under a tree of keys (src/evidence/keys.h), legal holds, and erasure.

-- What an erased case has no more, may be NULL. (A column's NOT NULL goes with the column.)
ALTER TABLE cases ADD COLUMN kept_key BLOB;
ALTER TABLE cases ADD COLUMN kept_facts BLOB;
UPDATE cases SET kept_key = wrapped_key, kept_facts = sealed_facts;
ALTER TABLE cases DROP COLUMN wrapped_key;
ALTER TABLE cases DROP COLUMN sealed_facts;
ALTER TABLE cases RENAME COLUMN kept_key TO wrapped_key;
ALTER TABLE cases RENAME COLUMN kept_facts TO sealed_facts;

-- key_slot: the case's own place in the tree, never another's. key_tree: the tree that both keys are wrapped under now; 0:
-- the master key itself, as before there were trees.
ALTER TABLE cases ADD COLUMN key_slot INTEGER NOT NULL DEFAULT 0 CHECK (key_slot >= 0);
ALTER TABLE cases ADD COLUMN key_tree INTEGER NOT NULL DEFAULT 0 CHECK (key_tree >= 0);
ALTER TABLE cases ADD COLUMN wrapped_recordings_key BLOB;
UPDATE cases SET key_slot = rowid;
INSERT INTO counters (name, value) SELECT 'key_slot', max(rowid) FROM cases HAVING count(*) > 0;
CREATE UNIQUE INDEX cases_by_key_slot ON cases (key_slot) WHERE key_slot > 0;
CREATE INDEX cases_by_key_tree ON cases (key_tree) WHERE wrapped_key IS NOT NULL;

-- Gone by rule: of a case all but this row and its log; of recordings the files and their keys.
ALTER TABLE cases ADD COLUMN erased_us INTEGER NOT NULL DEFAULT 0 CHECK ((erased_us > 0) = (wrapped_key IS NULL));
ALTER TABLE cases ADD COLUMN erased_by_rule TEXT;
ALTER TABLE cases ADD COLUMN erased_basis TEXT;
ALTER TABLE cases ADD COLUMN recordings_erased_us INTEGER NOT NULL DEFAULT 0;
-- When the rules of retention are to be asked again, and when by them the next thing goes; 0: at once, and not known.
ALTER TABLE cases ADD COLUMN retention_look_us INTEGER NOT NULL DEFAULT 0;
ALTER TABLE cases ADD COLUMN retention_due_us INTEGER NOT NULL DEFAULT 0;
CREATE INDEX cases_by_retention_look ON cases (retention_look_us) WHERE erased_us = 0 AND state IN ('closed', 'expired');
CREATE INDEX cases_by_retention_due ON cases (retention_due_us) WHERE erased_us = 0 AND retention_due_us > 0;
CREATE INDEX cases_erased ON cases (erased_us) WHERE erased_us > 0;
CREATE TRIGGER cases_stay_erased BEFORE UPDATE ON cases WHEN old.erased_us > 0 AND new.wrapped_key IS NOT NULL
BEGIN
    SELECT raise(ABORT, 'an erased case stays erased');
END;

-- key_class: 0: under the case's key, 1: under that of its recordings. An erased object keeps what it was, not its content.
ALTER TABLE objects ADD COLUMN key_class INTEGER NOT NULL DEFAULT 0 CHECK (key_class IN (0, 1));
ALTER TABLE objects ADD COLUMN erased_us INTEGER NOT NULL DEFAULT 0;
ALTER TABLE objects ADD COLUMN erased_by_rule TEXT;

-- Written with the erasure, carried out after it is committed, then taken out: leaves of the tree, files of the vault.
CREATE TABLE key_destructions (
    leaf    INTEGER PRIMARY KEY,
    case_id TEXT NOT NULL REFERENCES cases (id)
) STRICT;
CREATE TABLE file_removals (
    path    TEXT PRIMARY KEY,
    case_id TEXT NOT NULL REFERENCES cases (id)
) STRICT, WITHOUT ROWID;
-- How many keys the safe had destroyed when this database last knew: an older copy of either is told by it.
CREATE TABLE key_state (
    one       INTEGER PRIMARY KEY CHECK (one = 1),
    destroyed INTEGER NOT NULL CHECK (destroyed >= 0)
) STRICT;

-- A case on hold is never erased, in no part. Each hold is lifted by itself.
CREATE TABLE holds (
    id           TEXT PRIMARY KEY,
    case_id      TEXT NOT NULL REFERENCES cases (id),
    sealed_words BLOB,            -- why, and why lifted
    legal_basis  TEXT NOT NULL CHECK (length(legal_basis) BETWEEN 1 AND 200),
    placed_by    TEXT NOT NULL REFERENCES users (id),
    placed_us    INTEGER NOT NULL CHECK (placed_us > 0),
    lifted_by    TEXT REFERENCES users (id),
    lifted_us    INTEGER NOT NULL DEFAULT 0,
    CHECK ((lifted_us > 0) = (lifted_by IS NOT NULL))
) STRICT;
CREATE INDEX holds_by_case ON holds (case_id, placed_us);
CREATE INDEX holds_standing ON holds (placed_us) WHERE lifted_us = 0;
CREATE TRIGGER holds_lifted BEFORE UPDATE ON holds
WHEN new.case_id <> old.case_id OR new.legal_basis <> old.legal_basis OR new.placed_us <> old.placed_us
     OR (old.lifted_us > 0 AND new.sealed_words IS NOT NULL)
BEGIN
    SELECT raise(ABORT, 'a hold is lifted once and not changed');
END;
CREATE TRIGGER holds_no_delete BEFORE DELETE ON holds
BEGIN
    SELECT raise(ABORT, 'a hold is kept');
END;
CREATE TRIGGER cases_on_hold BEFORE UPDATE OF erased_us, recordings_erased_us ON cases
WHEN (new.erased_us <> old.erased_us OR new.recordings_erased_us <> old.recordings_erased_us)
     AND EXISTS (SELECT 1 FROM holds WHERE case_id = old.id AND lifted_us = 0)
BEGIN
    SELECT raise(ABORT, 'a case on hold is not erased');
END;

-- What is never deleted, but with its case, after its key.
DROP TRIGGER signatures_no_delete;
DROP TRIGGER reviews_no_delete;
DROP TRIGGER document_revocations_no_delete;
DROP TRIGGER proposals_no_delete;
DROP TRIGGER documents_no_delete;
DROP TRIGGER late_reports_no_delete;
DROP TRIGGER services_no_delete;
DROP TRIGGER document_openings_no_delete;
DROP TRIGGER pauses_no_delete;
DROP TRIGGER consent_entries_no_delete;
DROP TRIGGER document_copies_no_delete;
CREATE TRIGGER signatures_no_delete BEFORE DELETE ON signatures
WHEN (SELECT erased_us FROM cases WHERE id = old.case_id) = 0
BEGIN
    SELECT raise(ABORT, 'a signature is not deleted');
END;
CREATE TRIGGER reviews_no_delete BEFORE DELETE ON reviews
WHEN (SELECT erased_us FROM cases WHERE id = old.case_id) = 0
BEGIN
    SELECT raise(ABORT, 'a review is kept');
END;
CREATE TRIGGER document_revocations_no_delete BEFORE DELETE ON document_revocations
WHEN (SELECT erased_us FROM cases WHERE id = (SELECT case_id FROM documents WHERE id = old.document_id)) = 0
BEGIN
    SELECT raise(ABORT, 'a revocation is kept');
END;
CREATE TRIGGER proposals_no_delete BEFORE DELETE ON proposals
WHEN (SELECT erased_us FROM cases WHERE id = old.case_id) = 0
BEGIN
    SELECT raise(ABORT, 'a proposal is not deleted');
END;
CREATE TRIGGER documents_no_delete BEFORE DELETE ON documents
WHEN (SELECT erased_us FROM cases WHERE id = old.case_id) = 0
BEGIN
    SELECT raise(ABORT, 'an issued document is not deleted');
END;
CREATE TRIGGER late_reports_no_delete BEFORE DELETE ON late_reports
WHEN (SELECT erased_us FROM cases WHERE id = old.case_id) = 0
BEGIN
    SELECT raise(ABORT, 'a decision on a report is kept');
END;
CREATE TRIGGER services_no_delete BEFORE DELETE ON services
WHEN (SELECT erased_us FROM cases WHERE id = old.case_id) = 0
BEGIN
    SELECT raise(ABORT, 'a record of service is kept');
END;
CREATE TRIGGER document_openings_no_delete BEFORE DELETE ON document_openings
WHEN (SELECT erased_us FROM cases WHERE id = old.case_id) = 0
BEGIN
    SELECT raise(ABORT, 'the first opening is kept');
END;
CREATE TRIGGER pauses_no_delete BEFORE DELETE ON pauses
WHEN (SELECT erased_us FROM cases WHERE id = old.case_id) = 0
BEGIN
    SELECT raise(ABORT, 'a pause is kept');
END;
CREATE TRIGGER consent_entries_no_delete BEFORE DELETE ON consent_entries
WHEN (SELECT erased_us FROM cases WHERE id = old.case_id) = 0
BEGIN
    SELECT raise(ABORT, 'a consent is kept');
END;
CREATE TRIGGER document_copies_no_delete BEFORE DELETE ON document_copies
WHEN (SELECT erased_us FROM cases WHERE id = (SELECT case_id FROM documents WHERE id = old.document_id)) = 0
BEGIN
    SELECT raise(ABORT, 'a copy that was handed out is kept');
END;
