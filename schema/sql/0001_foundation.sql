-- The first schema.
--
-- Times are microseconds since 1970 in UTC (`_us`), 0 is "never". Ids are UUIDv7 in their canonical text. Columns of
-- type BLOB whose name begins with `sealed_` hold personal data under the key of their case (src/evidence/keys.h);
-- `_index` columns are blind indexes to find such data again. Nothing personal stands anywhere else.

CREATE TABLE users (
    id            TEXT PRIMARY KEY,
    username      TEXT NOT NULL UNIQUE COLLATE NOCASE CHECK (length(username) BETWEEN 1 AND 64),
    name          TEXT NOT NULL,
    role          TEXT NOT NULL CHECK (role IN ('intake_operator', 'officer', 'supervisor', 'auditor', 'admin',
                                                'integration')),
    badge_number  TEXT,
    counties_json TEXT NOT NULL DEFAULT '[]' CHECK (json_type(counties_json) = 'array'), -- empty: all
    password_hash TEXT NOT NULL,
    disabled      INTEGER NOT NULL DEFAULT 0 CHECK (disabled IN (0, 1)),
    created_us    INTEGER NOT NULL
) STRICT;

CREATE TABLE sessions (
    token_hash TEXT PRIMARY KEY CHECK (length(token_hash) = 64),
    csrf_token TEXT NOT NULL,
    user_id    TEXT NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    created_us INTEGER NOT NULL,
    expires_us INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX sessions_by_user ON sessions (user_id);

-- Running numbers, one counter a name ("case:20261123").
CREATE TABLE counters (
    name  TEXT PRIMARY KEY,
    value INTEGER NOT NULL CHECK (value > 0)
) STRICT, WITHOUT ROWID;

CREATE TABLE cases (
    id                TEXT PRIMARY KEY,
    number            TEXT NOT NULL UNIQUE,
    version           INTEGER NOT NULL CHECK (version >= 1), -- what an ETag names
    state             TEXT NOT NULL CHECK (state IN ('triaged', 'waiting', 'in_call', 'evidence_fixed', 'determined',
                                                     'agreed', 'served', 'closed', 'on_scene', 'abandoned', 'expired',
                                                     'reopened')),
    county            TEXT,
    channel           TEXT NOT NULL CHECK (channel IN ('web', 'alarm_122', 'app_12123', 'desk', 'kiosk')),
    officer_id        TEXT REFERENCES users (id),
    occurred_us       INTEGER NOT NULL DEFAULT 0,
    created_us        INTEGER NOT NULL,
    updated_us        INTEGER NOT NULL,
    queued_us         INTEGER NOT NULL DEFAULT 0,
    claimed_us        INTEGER NOT NULL DEFAULT 0,
    evidence_fixed_us INTEGER NOT NULL DEFAULT 0,
    evacuated_us      INTEGER NOT NULL DEFAULT 0,
    determined_us     INTEGER NOT NULL DEFAULT 0,
    served_us         INTEGER NOT NULL DEFAULT 0,
    closed_us         INTEGER NOT NULL DEFAULT 0,
    on_scene_us       INTEGER NOT NULL DEFAULT 0,
    abandoned_us      INTEGER NOT NULL DEFAULT 0,
    closing_code      TEXT CHECK (closing_code IN ('1', '2', '3', '4')), -- jafs
    triage_json       TEXT NOT NULL CHECK (json_type(triage_json) = 'object'),
    eligibility_json  TEXT NOT NULL CHECK (json_type(eligibility_json) = 'object'),
    wrapped_key       BLOB NOT NULL, -- the case key under the master key; without it nothing of the case can be read
    sealed_facts      BLOB NOT NULL  -- place, position, the reporter's number, why an officer was asked for
) STRICT;
CREATE INDEX cases_by_time ON cases (created_us DESC, id DESC);
CREATE INDEX cases_by_state ON cases (state, queued_us, id);
CREATE INDEX cases_by_officer ON cases (officer_id, state) WHERE officer_id IS NOT NULL;
CREATE INDEX cases_by_claim ON cases (claimed_us DESC) WHERE claimed_us > 0;

CREATE TABLE parties (
    id                 TEXT PRIMARY KEY,
    case_id            TEXT NOT NULL REFERENCES cases (id),
    label              TEXT NOT NULL CHECK (length(label) BETWEEN 1 AND 16),
    is_reporter        INTEGER NOT NULL CHECK (is_reporter IN (0, 1)),
    created_us         INTEGER NOT NULL,
    last_seen_us       INTEGER NOT NULL DEFAULT 0,
    sealed_particulars BLOB NOT NULL, -- name, numbers, plate, insurer
    plate_index        TEXT,
    phone_index        TEXT,
    UNIQUE (case_id, label)
) STRICT;
CREATE INDEX parties_by_plate ON parties (plate_index) WHERE plate_index IS NOT NULL;
CREATE INDEX parties_by_phone ON parties (phone_index) WHERE phone_index IS NOT NULL;

CREATE TABLE consents (
    case_id      TEXT NOT NULL REFERENCES cases (id),
    party_id     TEXT REFERENCES parties (id),
    kind         TEXT NOT NULL CHECK (length(kind) BETWEEN 1 AND 64),
    at_us        INTEGER NOT NULL,
    withdrawn_us INTEGER NOT NULL DEFAULT 0
) STRICT;
CREATE UNIQUE INDEX consents_once ON consents (case_id, coalesce(party_id, ''), kind);

-- Links: a token is valid for one person in one case.
CREATE TABLE capabilities (
    token_hash TEXT PRIMARY KEY CHECK (length(token_hash) = 64),
    case_id    TEXT NOT NULL REFERENCES cases (id),
    party_id   TEXT REFERENCES parties (id),
    kind       TEXT NOT NULL CHECK (kind IN ('party', 'guest')),
    created_us INTEGER NOT NULL,
    expires_us INTEGER NOT NULL,
    CHECK ((kind = 'party') = (party_id IS NOT NULL))
) STRICT, WITHOUT ROWID;

-- The files of the vault. `live`: being written, or left so by a process that died.
CREATE TABLE objects (
    id           TEXT PRIMARY KEY,
    case_id      TEXT NOT NULL REFERENCES cases (id),
    kind         TEXT NOT NULL CHECK (kind IN ('recording', 'still', 'photo', 'signature', 'document')),
    party_id     TEXT REFERENCES parties (id),
    user_id      TEXT REFERENCES users (id),
    path         TEXT NOT NULL UNIQUE CHECK (path NOT LIKE '/%' AND path NOT LIKE '%..%'), -- within the vault
    status       TEXT NOT NULL CHECK (status IN ('live', 'complete', 'recovered', 'failed')),
    sha256       TEXT CHECK (length(sha256) = 64), -- of the plaintext
    size_bytes   INTEGER NOT NULL DEFAULT 0 CHECK (size_bytes >= 0),
    content_type TEXT NOT NULL,
    sealed_meta  BLOB,
    created_us   INTEGER NOT NULL,
    finished_us  INTEGER NOT NULL DEFAULT 0,
    CHECK (status NOT IN ('complete', 'recovered') OR (sha256 IS NOT NULL AND finished_us > 0))
) STRICT;
CREATE INDEX objects_by_case ON objects (case_id, created_us, id);
CREATE INDEX objects_live ON objects (id) WHERE status = 'live';

-- A finished object is evidence: its content's hash, size and place are never written again.
CREATE TRIGGER objects_finished BEFORE UPDATE ON objects
WHEN old.status IN ('complete', 'recovered')
     AND (new.status <> old.status OR new.sha256 <> old.sha256 OR new.size_bytes <> old.size_bytes
          OR new.path <> old.path OR new.case_id <> old.case_id)
BEGIN
    SELECT raise(ABORT, 'a finished object is not changed');
END;

CREATE TABLE recordings (
    object_id   TEXT PRIMARY KEY REFERENCES objects (id),
    segment     INTEGER NOT NULL CHECK (segment >= 1),
    started_us  INTEGER NOT NULL DEFAULT 0,
    ended_us    INTEGER NOT NULL DEFAULT 0,
    duration_ms INTEGER NOT NULL DEFAULT 0 CHECK (duration_ms >= 0),
    chunks      INTEGER NOT NULL DEFAULT 0 CHECK (chunks >= 0), -- known to be synced
    has_audio   INTEGER NOT NULL DEFAULT 0 CHECK (has_audio IN (0, 1)),
    has_video   INTEGER NOT NULL DEFAULT 0 CHECK (has_video IN (0, 1)),
    width       INTEGER NOT NULL DEFAULT 0,
    height      INTEGER NOT NULL DEFAULT 0,
    gaps_json   TEXT NOT NULL DEFAULT '[]' CHECK (json_type(gaps_json) = 'array')
) STRICT;

CREATE TABLE documents (
    id             TEXT PRIMARY KEY,
    case_id        TEXT NOT NULL REFERENCES cases (id),
    kind           TEXT NOT NULL CHECK (kind IN ('determination')),
    number         TEXT NOT NULL UNIQUE,
    sealed_text    BLOB NOT NULL, -- the exact issued bytes
    sha256         TEXT NOT NULL CHECK (length(sha256) = 64),
    sealed_content BLOB,          -- the data that the text was made from
    issued_by      TEXT NOT NULL REFERENCES users (id),
    issued_us      INTEGER NOT NULL
) STRICT;
CREATE INDEX documents_by_case ON documents (case_id, issued_us);

CREATE TABLE determinations (
    case_id      TEXT PRIMARY KEY REFERENCES cases (id),
    status       TEXT NOT NULL CHECK (status IN ('draft', 'issued')),
    sealed_draft BLOB NOT NULL,
    document_id  TEXT REFERENCES documents (id),
    updated_by   TEXT NOT NULL REFERENCES users (id),
    updated_us   INTEGER NOT NULL,
    CHECK ((status = 'issued') = (document_id IS NOT NULL))
) STRICT;
CREATE TRIGGER determinations_issued BEFORE UPDATE ON determinations WHEN old.status = 'issued'
BEGIN
    SELECT raise(ABORT, 'an issued determination is not changed');
END;
CREATE TRIGGER documents_no_update BEFORE UPDATE ON documents
BEGIN
    SELECT raise(ABORT, 'an issued document is not changed');
END;
CREATE TRIGGER documents_no_delete BEFORE DELETE ON documents
BEGIN
    SELECT raise(ABORT, 'an issued document is not deleted');
END;

CREATE TABLE signatures (
    id               TEXT PRIMARY KEY,
    case_id          TEXT NOT NULL REFERENCES cases (id),
    document_id      TEXT NOT NULL REFERENCES documents (id),
    party_id         TEXT NOT NULL REFERENCES parties (id),
    decision         TEXT NOT NULL CHECK (decision IN ('signed', 'refused', 'objected')),
    sealed_statement BLOB,
    object_id        TEXT REFERENCES objects (id), -- the drawn signature
    document_sha256  TEXT NOT NULL CHECK (length(document_sha256) = 64),
    recorded_by      TEXT REFERENCES users (id),   -- the officer who noted a refusal
    signed_us        INTEGER NOT NULL,
    UNIQUE (document_id, party_id)
) STRICT;
CREATE INDEX signatures_by_case ON signatures (case_id, signed_us);
CREATE TRIGGER signatures_no_update BEFORE UPDATE ON signatures
BEGIN
    SELECT raise(ABORT, 'a signature is not changed');
END;
CREATE TRIGGER signatures_no_delete BEFORE DELETE ON signatures
BEGIN
    SELECT raise(ABORT, 'a signature is not deleted');
END;

-- Every change of state and every access to evidence; a hash chain (src/evidence/audit_chain.h).
CREATE TABLE audit_log (
    seq        INTEGER PRIMARY KEY CHECK (seq >= 1),
    at_us      INTEGER NOT NULL,
    case_id    TEXT REFERENCES cases (id),
    kind       TEXT NOT NULL,
    actor_kind TEXT NOT NULL CHECK (actor_kind IN ('party', 'guest', 'user', 'integration', 'system')),
    actor_id   TEXT,
    data_json  TEXT NOT NULL CHECK (json_type(data_json) = 'object'),
    hash       BLOB NOT NULL CHECK (length(hash) = 32)
) STRICT;
CREATE INDEX audit_log_by_case ON audit_log (case_id, seq) WHERE case_id IS NOT NULL;
CREATE TRIGGER audit_log_no_update BEFORE UPDATE ON audit_log
BEGIN
    SELECT raise(ABORT, 'the audit log is append-only');
END;
CREATE TRIGGER audit_log_no_delete BEFORE DELETE ON audit_log
BEGIN
    SELECT raise(ABORT, 'the audit log is append-only');
END;
CREATE TRIGGER audit_log_in_order BEFORE INSERT ON audit_log
WHEN new.seq <> (SELECT coalesce(max(seq), 0) + 1 FROM audit_log)
BEGIN
    SELECT raise(ABORT, 'the audit log has no gaps');
END;

-- What event streams send; pruned by age. AUTOINCREMENT: a number is never used twice.
CREATE TABLE events (
    seq         INTEGER PRIMARY KEY AUTOINCREMENT,
    at_us       INTEGER NOT NULL,
    type        TEXT NOT NULL,
    case_id     TEXT REFERENCES cases (id),
    audience    TEXT NOT NULL CHECK (audience IN ('desk', 'case', 'party', 'user')),
    audience_id TEXT,
    data_json   TEXT NOT NULL CHECK (json_type(data_json) = 'object'),
    CHECK ((audience IN ('party', 'user')) = (audience_id IS NOT NULL))
) STRICT;
CREATE INDEX events_by_time ON events (at_us);

-- Replies to requests with an Idempotency-Key; kept for a day.
CREATE TABLE idempotency (
    scope        TEXT NOT NULL,
    key          TEXT NOT NULL CHECK (length(key) BETWEEN 1 AND 255),
    request_hash TEXT NOT NULL,
    status       INTEGER NOT NULL,
    headers_json TEXT,
    sealed_body  BLOB NOT NULL, -- under the installation's key: it may hold a token
    created_us   INTEGER NOT NULL,
    PRIMARY KEY (scope, key)
) STRICT, WITHOUT ROWID;
CREATE INDEX idempotency_by_time ON idempotency (created_us);
