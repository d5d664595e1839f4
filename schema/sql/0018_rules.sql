-- Versions of the rules: codes, eligibility, scenarios, deadlines, calendars, and the layout of documents. A version is a
-- whole set of texts; it is in force from a time on until that of the next one. Versions are numbered in the order in
-- which they were made and come into force in that order; one whose time hasn't come can be withdrawn. Texts are kept
-- once, by their hash. A case keeps the number under which it was opened; cases older than this table are of the first.
CREATE TABLE rule_texts (
    sha256 TEXT PRIMARY KEY CHECK (length(sha256) = 64),
    bytes  BLOB NOT NULL
) STRICT;
CREATE TABLE rule_versions (
    number        INTEGER PRIMARY KEY CHECK (number > 0),
    origin        TEXT NOT NULL CHECK (origin IN ('built_in', 'folder', 'edited', 'reverted')),
    reason        TEXT NOT NULL,
    equals        INTEGER REFERENCES rule_versions (number),
    created_by    TEXT REFERENCES users (id),
    created_us    INTEGER NOT NULL CHECK (created_us > 0),
    valid_from_us INTEGER NOT NULL,
    withdrawn_by  TEXT REFERENCES users (id),
    withdrawn_us  INTEGER,
    CHECK (valid_from_us >= created_us),
    CHECK ((origin = 'reverted') = (equals IS NOT NULL)),
    CHECK (withdrawn_us IS NULL OR withdrawn_us < valid_from_us)
) STRICT;
CREATE TABLE rule_version_files (
    number INTEGER NOT NULL REFERENCES rule_versions (number),
    name   TEXT NOT NULL CHECK (name <> ''),
    sha256 TEXT NOT NULL REFERENCES rule_texts (sha256),
    PRIMARY KEY (number, name)
) STRICT, WITHOUT ROWID;
CREATE TRIGGER rule_texts_no_update BEFORE UPDATE ON rule_texts
BEGIN
    SELECT raise(ABORT, 'a text of the rules is not changed');
END;
CREATE TRIGGER rule_texts_no_delete BEFORE DELETE ON rule_texts
BEGIN
    SELECT raise(ABORT, 'a text of the rules is kept');
END;
CREATE TRIGGER rule_versions_withdrawn_once BEFORE UPDATE ON rule_versions
WHEN OLD.withdrawn_us IS NOT NULL OR NEW.withdrawn_us IS NULL OR NEW.number <> OLD.number OR NEW.origin <> OLD.origin
    OR NEW.reason <> OLD.reason OR NEW.equals IS NOT OLD.equals OR NEW.created_by IS NOT OLD.created_by
    OR NEW.created_us <> OLD.created_us OR NEW.valid_from_us <> OLD.valid_from_us
BEGIN
    SELECT raise(ABORT, 'a version of the rules is withdrawn once and not changed');
END;
CREATE TRIGGER rule_versions_no_delete BEFORE DELETE ON rule_versions
BEGIN
    SELECT raise(ABORT, 'a version of the rules is kept');
END;
CREATE TRIGGER rule_version_files_no_update BEFORE UPDATE ON rule_version_files
BEGIN
    SELECT raise(ABORT, 'a version of the rules is not changed');
END;
CREATE TRIGGER rule_version_files_no_delete BEFORE DELETE ON rule_version_files
BEGIN
    SELECT raise(ABORT, 'a version of the rules is kept');
END;
ALTER TABLE cases ADD COLUMN rules_number INTEGER NOT NULL DEFAULT 1 CHECK (rules_number > 0);
CREATE TRIGGER cases_keep_their_rules BEFORE UPDATE OF rules_number ON cases
WHEN NEW.rules_number <> OLD.rules_number
BEGIN
    SELECT raise(ABORT, 'a case keeps its rules');
END;
CREATE INDEX cases_by_rules ON cases (rules_number, state);
-- What the service was started with last, so that at the next start only what is other counts as a change.
CREATE TABLE rules_given (
    name   TEXT PRIMARY KEY,
    sha256 TEXT NOT NULL CHECK (length(sha256) = 64)
) STRICT;
