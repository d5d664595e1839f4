-- Witnesses that have cosigned a checkpoint, by their keys as published (src/evidence/note.h): a cosignature can be
-- checked long after the witness was taken out of the settings.
CREATE TABLE log_witnesses (
    public   TEXT PRIMARY KEY,
    name     TEXT NOT NULL UNIQUE, -- of log_cosignatures
    from_us  INTEGER NOT NULL CHECK (from_us > 0)
) STRICT;
CREATE TRIGGER log_witnesses_no_update BEFORE UPDATE ON log_witnesses
BEGIN
    SELECT raise(ABORT, 'the key of a witness is kept');
END;
CREATE TRIGGER log_witnesses_no_delete BEFORE DELETE ON log_witnesses
BEGIN
    SELECT raise(ABORT, 'the key of a witness is kept');
END;
