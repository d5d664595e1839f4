-- A case that one seat is asked to take: handed over by a colleague, or drawn by lot. It stands for some seconds, and at
-- most one of a case stands at a time.

CREATE TABLE offers (
    id         TEXT PRIMARY KEY,
    case_id    TEXT NOT NULL REFERENCES cases (id),
    kind       TEXT NOT NULL CHECK (kind IN ('hand_over', 'draw')),
    from_user  TEXT REFERENCES users (id), -- who asks; of a draw nobody
    holder     TEXT REFERENCES users (id), -- who has the case; an offer is void once that changes
    to_user    TEXT NOT NULL REFERENCES users (id),
    offered_us INTEGER NOT NULL,
    expires_us INTEGER NOT NULL CHECK (expires_us > offered_us),
    outcome    TEXT CHECK (outcome IN ('accepted', 'declined', 'withdrawn', 'lapsed')),
    decided_us INTEGER NOT NULL DEFAULT 0,
    CHECK ((outcome IS NULL) = (decided_us = 0)),
    CHECK ((kind = 'draw') = (from_user IS NULL)),
    CHECK ((kind = 'draw') = (holder IS NULL))
) STRICT;
CREATE UNIQUE INDEX offers_standing ON offers (case_id) WHERE outcome IS NULL;
CREATE INDEX offers_by_case ON offers (case_id, offered_us);

-- Who is asked not to handle a case (Order 146, art. 105), and what a supervisor decided.

CREATE TABLE recusals (
    id            TEXT PRIMARY KEY,
    case_id       TEXT NOT NULL REFERENCES cases (id),
    user_id       TEXT NOT NULL REFERENCES users (id), -- whom it is about
    party_id      TEXT REFERENCES parties (id),        -- who asks; NULL: that person declares it
    sealed_reason BLOB NOT NULL,
    asked_us      INTEGER NOT NULL,
    decision      TEXT CHECK (decision IN ('upheld', 'rejected')),
    sealed_note   BLOB,
    decided_by    TEXT REFERENCES users (id),
    decided_us    INTEGER NOT NULL DEFAULT 0,
    CHECK ((decision IS NULL) = (decided_us = 0)),
    CHECK ((decision IS NULL) = (decided_by IS NULL))
) STRICT;
CREATE INDEX recusals_by_case ON recusals (case_id, asked_us);
CREATE INDEX recusals_open ON recusals (asked_us) WHERE decision IS NULL;
CREATE TRIGGER recusals_decided BEFORE UPDATE ON recusals WHEN old.decision IS NOT NULL
BEGIN
    SELECT raise(ABORT, 'a decided recusal is not changed');
END;
