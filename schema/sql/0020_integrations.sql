-- Other systems that report accidents: each has a key, of which the hash is kept, and only what its scopes name. A case knows
-- which of them opened it, and by which alarm: an alarm is one case, however often it is reported.
CREATE TABLE integrations (
    id          TEXT PRIMARY KEY,
    name        TEXT NOT NULL UNIQUE COLLATE NOCASE CHECK (length(name) BETWEEN 1 AND 64),
    key_hash    TEXT NOT NULL UNIQUE CHECK (length(key_hash) = 64),
    scopes_json TEXT NOT NULL CHECK (json_type(scopes_json) = 'array'),
    created_us  INTEGER NOT NULL,
    created_by  TEXT REFERENCES users (id), -- NULL: from the command line
    revoked_us  INTEGER NOT NULL DEFAULT 0
) STRICT;
CREATE TRIGGER integrations_no_delete BEFORE DELETE ON integrations
BEGIN
    SELECT raise(ABORT, 'an integration is kept');
END;

ALTER TABLE cases ADD COLUMN integration_id TEXT REFERENCES integrations (id);
ALTER TABLE cases ADD COLUMN alarm_number TEXT CHECK (length(alarm_number) BETWEEN 1 AND 64);
CREATE UNIQUE INDEX cases_by_alarm ON cases (integration_id, alarm_number) WHERE alarm_number IS NOT NULL;
