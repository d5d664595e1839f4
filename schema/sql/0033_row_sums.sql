-- What the tables come to whose rows are bound by no entry of the log: of each how many rows it has, and the sum of their
-- hashes. A row that went past the service, or was exchanged for an older one of its own, would leave no trace else. Filled
-- when the rows of this schema are bound.
CREATE TABLE row_sums (
    one  INTEGER PRIMARY KEY CHECK (one = 1),
    seal BLOB NOT NULL
) STRICT;

-- The number of the next event is one of the counters, which are summed up, and not SQLite's own (AUTOINCREMENT), which can't
-- be. Who listens hears that it missed some, and reads anew.
INSERT INTO counters (name, value) SELECT 'events', seq FROM sqlite_sequence WHERE name = 'events' AND seq > 0;
DROP TABLE events;
CREATE TABLE events (
    seq         INTEGER PRIMARY KEY,
    at_us       INTEGER NOT NULL,
    type        TEXT NOT NULL,
    case_id     TEXT REFERENCES cases (id),
    audience    TEXT NOT NULL CHECK (audience IN ('desk', 'case', 'party', 'user')),
    audience_id TEXT,
    data_json   TEXT NOT NULL CHECK (json_type(data_json) = 'object'),
    seal        BLOB, -- of nothing, with all other columns as its place
    CHECK ((audience IN ('party', 'user')) = (audience_id IS NOT NULL))
) STRICT;
CREATE INDEX events_by_time ON events (at_us);
