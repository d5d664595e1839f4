-- How many rows the tables have whose rows are sealed one by one and bound by no entry of the log: one that went past the
-- service would leave no trace. Filled when the rows of this schema are bound.
CREATE TABLE row_counts (
    tbl  TEXT PRIMARY KEY,
    rows INTEGER NOT NULL CHECK (rows >= 0),
    seal BLOB NOT NULL -- of nothing, with the other columns as its place
) STRICT, WITHOUT ROWID;
