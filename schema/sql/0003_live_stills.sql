-- Stills that a phone sends by itself while its network carries only sound. A photo that somebody kept of them is no
-- longer live, and none becomes so.

ALTER TABLE objects ADD COLUMN live INTEGER NOT NULL DEFAULT 0 CHECK (live = 0 OR (live = 1 AND kind = 'photo'));

CREATE TRIGGER objects_kept BEFORE UPDATE OF live ON objects WHEN old.live = 0 AND new.live = 1
BEGIN
    SELECT raise(ABORT, 'an object does not become live');
END;
