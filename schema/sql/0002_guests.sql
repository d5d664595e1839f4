-- Guests of a call: an emergency operator, an interpreter, a party's insurer, a supervisor; invited by staff, each with a
-- link and a track of its own.

CREATE TABLE guests (
    id          TEXT PRIMARY KEY,
    case_id     TEXT NOT NULL REFERENCES cases (id),
    kind        TEXT NOT NULL CHECK (kind IN ('emergency', 'interpreter', 'insurer', 'supervisor')),
    party_id    TEXT REFERENCES parties (id), -- whom the insurer insures
    sealed_name BLOB NOT NULL,
    invited_by  TEXT NOT NULL REFERENCES users (id),
    created_us  INTEGER NOT NULL,
    revoked_us  INTEGER NOT NULL DEFAULT 0,
    revoked_by  TEXT REFERENCES users (id),
    CHECK ((kind = 'insurer') = (party_id IS NOT NULL)),
    CHECK ((revoked_us > 0) = (revoked_by IS NOT NULL))
) STRICT;
CREATE INDEX guests_by_case ON guests (case_id, created_us);

ALTER TABLE capabilities ADD COLUMN guest_id TEXT REFERENCES guests (id)
    CHECK ((kind = 'guest') = (guest_id IS NOT NULL));
CREATE INDEX capabilities_by_guest ON capabilities (guest_id) WHERE guest_id IS NOT NULL;

ALTER TABLE objects ADD COLUMN guest_id TEXT REFERENCES guests (id);
