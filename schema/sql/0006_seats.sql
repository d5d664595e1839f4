-- What each person at the desk last said of the own seat; without a row, nothing since signing in. Who is busy with a
-- case is not written here: that follows from the cases and calls.

CREATE TABLE seats (
    user_id TEXT PRIMARY KEY REFERENCES users (id),
    said    TEXT NOT NULL CHECK (said IN ('free', 'busy', 'away')),
    said_us INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
