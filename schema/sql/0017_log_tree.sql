-- The audit log as a transparency log (src/store/log_tree.h, RFC 9162).
--
-- A leaf binds its entry by a commitment with a salt that is derived from the case's key: what is published tells when
-- something of which kind was done, and nothing more, and once the key is gone nobody can try out what it was.
CREATE TABLE log_leaves (
    seq        INTEGER PRIMARY KEY REFERENCES audit_log (seq),
    commitment BLOB NOT NULL CHECK (length(commitment) = 32),
    hash       BLOB NOT NULL CHECK (length(hash) = 32) -- of the leaf
) STRICT;

-- Hashes over complete subtrees of 256^row leaves; row 0 is log_leaves.
CREATE TABLE log_rows (
    row    INTEGER NOT NULL CHECK (row >= 1),
    number INTEGER NOT NULL CHECK (number >= 0),
    hash   BLOB NOT NULL CHECK (length(hash) = 32),
    PRIMARY KEY (row, number)
) STRICT, WITHOUT ROWID;

-- The keys that signed checkpoints, as published (src/evidence/note.h); one is in force.
CREATE TABLE log_keys (
    public   TEXT PRIMARY KEY,
    from_us  INTEGER NOT NULL CHECK (from_us > 0),
    until_us INTEGER NOT NULL DEFAULT 0 CHECK (until_us >= 0)
) STRICT;
CREATE UNIQUE INDEX log_keys_in_force ON log_keys (until_us) WHERE until_us = 0;

-- Published heads: signed notes of the service.
CREATE TABLE log_checkpoints (
    size  INTEGER PRIMARY KEY CHECK (size >= 0),
    at_us INTEGER NOT NULL CHECK (at_us > 0),
    note  TEXT NOT NULL
) STRICT;

-- What witnesses say of them: one signature line each.
CREATE TABLE log_cosignatures (
    size    INTEGER NOT NULL REFERENCES log_checkpoints (size),
    witness TEXT NOT NULL, -- the name of its key
    line    TEXT NOT NULL,
    at_us   INTEGER NOT NULL CHECK (at_us > 0),
    PRIMARY KEY (size, witness)
) STRICT, WITHOUT ROWID;

CREATE TRIGGER log_leaves_in_order BEFORE INSERT ON log_leaves
WHEN new.seq <> (SELECT coalesce(max(seq), 0) + 1 FROM log_leaves)
BEGIN
    SELECT raise(ABORT, 'the tree of the log has no gaps');
END;
CREATE TRIGGER log_leaves_no_update BEFORE UPDATE ON log_leaves
BEGIN
    SELECT raise(ABORT, 'the tree of the log is append-only');
END;
CREATE TRIGGER log_leaves_no_delete BEFORE DELETE ON log_leaves
BEGIN
    SELECT raise(ABORT, 'the tree of the log is append-only');
END;
CREATE TRIGGER log_rows_no_update BEFORE UPDATE ON log_rows
BEGIN
    SELECT raise(ABORT, 'the tree of the log is append-only');
END;
CREATE TRIGGER log_rows_no_delete BEFORE DELETE ON log_rows
BEGIN
    SELECT raise(ABORT, 'the tree of the log is append-only');
END;
CREATE TRIGGER log_checkpoints_no_update BEFORE UPDATE ON log_checkpoints
BEGIN
    SELECT raise(ABORT, 'a published checkpoint is not changed');
END;
CREATE TRIGGER log_checkpoints_no_delete BEFORE DELETE ON log_checkpoints
BEGIN
    SELECT raise(ABORT, 'a published checkpoint is kept');
END;
