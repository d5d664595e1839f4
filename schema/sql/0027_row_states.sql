-- What the rows of a case are is bound by the log: the last entry of every write that changed one of them carries a hash over
-- all of them (src/store/state_tables.h). The installation's own rows (accounts, rules, laws, keys) are bound alike, by
-- entries of no case.
ALTER TABLE audit_log ADD COLUMN state BLOB CHECK (length(state) = 32);
CREATE INDEX audit_log_states ON audit_log (case_id, seq) WHERE state IS NOT NULL;

-- The hash of each bound row, by its case ('': of the installation): what `state` is taken over, so that a write need not
-- read the whole case, and that a row which was changed past the service is named.
CREATE TABLE row_states (
    scope  TEXT NOT NULL,
    tbl    TEXT NOT NULL,
    key    TEXT NOT NULL, -- the row's primary key, its parts joined by /
    digest BLOB NOT NULL CHECK (length(digest) = 32),
    PRIMARY KEY (scope, tbl, key)
) STRICT, WITHOUT ROWID;

-- Under which schemas every row was bound; once each.
CREATE TABLE state_bindings (
    schema   INTEGER PRIMARY KEY CHECK (schema > 0),
    bound_us INTEGER NOT NULL CHECK (bound_us > 0)
) STRICT;
CREATE TRIGGER state_bindings_no_update BEFORE UPDATE ON state_bindings
BEGIN
    SELECT raise(ABORT, 'a binding is not changed');
END;
CREATE TRIGGER state_bindings_no_delete BEFORE DELETE ON state_bindings
BEGIN
    SELECT raise(ABORT, 'a binding is kept');
END;
