-- What reports count of each case: codes and figures out of its entries of the audit log, made by src/domain/report_case.c
-- and by nothing else. Both tables can be emptied at any time: what is missing is read from the log again. A column means
-- what its field of KcReportCase means; a time of -1 is none.
CREATE TABLE report_cases (
    opened_us       INTEGER NOT NULL,
    case_id         TEXT NOT NULL,
    number          TEXT NOT NULL,
    county          TEXT NOT NULL,
    channel         TEXT NOT NULL,
    officer         TEXT NOT NULL,
    form            TEXT NOT NULL,
    scenarios       TEXT NOT NULL,
    ground          TEXT NOT NULL,
    closing_code    TEXT NOT NULL,
    outcome         TEXT NOT NULL CHECK (outcome IN ('open', 'determined', 'agreed', 'on_scene', 'abandoned', 'declined')),
    review          TEXT NOT NULL CHECK (review IN ('none', 'asked', 'withdrawn', 'upheld', 'corrected', 'overturned')),
    closed          INTEGER NOT NULL CHECK (closed IN (0, 1)),
    answer_us       INTEGER NOT NULL CHECK (answer_us >= -1),
    clear_us        INTEGER NOT NULL CHECK (clear_us >= -1),
    close_us        INTEGER NOT NULL CHECK (close_us >= -1),
    shots_asked     INTEGER NOT NULL,
    shots_taken     INTEGER NOT NULL,
    people          INTEGER NOT NULL,
    people_recorded INTEGER NOT NULL,
    gaps            INTEGER NOT NULL,
    gap_ms          INTEGER NOT NULL,
    PRIMARY KEY (opened_us, case_id)
) STRICT, WITHOUT ROWID;
CREATE UNIQUE INDEX report_cases_by_id ON report_cases (case_id);

-- How far the log has been read.
CREATE TABLE report_progress (
    one         INTEGER PRIMARY KEY CHECK (one = 1),
    through_seq INTEGER NOT NULL CHECK (through_seq >= 0)
) STRICT;
INSERT INTO report_progress (one, through_seq) VALUES (1, 0);
