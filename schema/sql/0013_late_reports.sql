-- A report that was made after the scene was cleared (Order 146, art. 18): whether the case is accepted, decided once. Who
-- declines says why: the accident can't be shown to have happened, or it is not this unit's.
CREATE TABLE late_reports (
    case_id       TEXT PRIMARY KEY REFERENCES cases (id),
    accepted      INTEGER NOT NULL CHECK (accepted IN (0, 1)),
    ground        TEXT CHECK (ground IN ('unproven', 'not_ours')),
    sealed_reason BLOB,
    decided_by    TEXT NOT NULL REFERENCES users (id),
    decided_us    INTEGER NOT NULL CHECK (decided_us > 0),
    CHECK ((accepted = 0) = (ground IS NOT NULL)),
    CHECK (accepted = 1 OR sealed_reason IS NOT NULL)
) STRICT;
CREATE TRIGGER late_reports_no_update BEFORE UPDATE ON late_reports
BEGIN
    SELECT raise(ABORT, 'a decision on a report is not changed');
END;
CREATE TRIGGER late_reports_no_delete BEFORE DELETE ON late_reports
BEGIN
    SELECT raise(ABORT, 'a decision on a report is kept');
END;
