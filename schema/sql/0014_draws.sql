-- Cases assigned by lot (src/domain/draw.h). Each draw is committed to before it is made: its row is there with the hash of
-- the seed, then once completed with the seed itself, and never changed again.

CREATE TABLE draws (
    number          INTEGER PRIMARY KEY CHECK (number >= 1),
    commitment      TEXT NOT NULL CHECK (length(commitment) = 64), -- SHA-256 of the seed
    committed_us    INTEGER NOT NULL,
    sealed_seed     BLOB, -- under the master key, until it is published
    seed            TEXT CHECK (length(seed) = 64),
    case_id         TEXT REFERENCES cases (id),
    candidates_json TEXT CHECK (json_type(candidates_json) = 'array'), -- ids of users, in their order
    chosen          TEXT REFERENCES users (id),
    offer_id        TEXT REFERENCES offers (id),
    drawn_us        INTEGER NOT NULL DEFAULT 0,
    CHECK ((drawn_us = 0) = (seed IS NULL)),
    CHECK ((drawn_us = 0) = (sealed_seed IS NOT NULL)),
    CHECK ((drawn_us = 0) = (case_id IS NULL)),
    CHECK ((drawn_us = 0) = (candidates_json IS NULL)),
    CHECK ((drawn_us = 0) = (chosen IS NULL)),
    CHECK ((drawn_us = 0) = (offer_id IS NULL)),
    CHECK (drawn_us = 0 OR drawn_us >= committed_us)
) STRICT;
CREATE UNIQUE INDEX draws_open ON draws (drawn_us) WHERE drawn_us = 0; -- one commitment waits at a time
CREATE TRIGGER draws_gapless BEFORE INSERT ON draws
WHEN new.number <> (SELECT coalesce(max(number), 0) + 1 FROM draws)
BEGIN
    SELECT raise(ABORT, 'draws are numbered without gaps');
END;
CREATE TRIGGER draws_committed BEFORE UPDATE ON draws
WHEN old.drawn_us > 0 OR new.number <> old.number OR new.commitment <> old.commitment
     OR new.committed_us <> old.committed_us
BEGIN
    SELECT raise(ABORT, 'a draw, and what was committed to, are not changed');
END;
CREATE TRIGGER draws_no_delete BEFORE DELETE ON draws
BEGIN
    SELECT raise(ABORT, 'a draw is not deleted');
END;

-- The table of offers is made anew, since a CHECK can't be changed: a supervisor may also assign a case that waits.
PRAGMA defer_foreign_keys = ON;
CREATE TEMP TABLE offers_kept AS SELECT * FROM offers;
DROP TABLE offers;
CREATE TABLE offers (
    id         TEXT PRIMARY KEY,
    case_id    TEXT NOT NULL REFERENCES cases (id),
    kind       TEXT NOT NULL CHECK (kind IN ('hand_over', 'draw', 'assign')),
    from_user  TEXT REFERENCES users (id), -- who asks; of a draw nobody
    holder     TEXT REFERENCES users (id), -- who has the case; an offer is void once that changes
    to_user    TEXT NOT NULL REFERENCES users (id),
    offered_us INTEGER NOT NULL,
    expires_us INTEGER NOT NULL CHECK (expires_us > offered_us),
    outcome    TEXT CHECK (outcome IN ('accepted', 'declined', 'withdrawn', 'lapsed')),
    decided_us INTEGER NOT NULL DEFAULT 0,
    CHECK ((outcome IS NULL) = (decided_us = 0)),
    CHECK ((kind = 'draw') = (from_user IS NULL)),
    CHECK ((kind = 'hand_over') = (holder IS NOT NULL)) -- the others are of a case that waits
) STRICT;
INSERT INTO offers SELECT * FROM offers_kept;
DROP TABLE offers_kept;
CREATE UNIQUE INDEX offers_standing ON offers (case_id) WHERE outcome IS NULL;
CREATE INDEX offers_by_case ON offers (case_id, offered_us);
