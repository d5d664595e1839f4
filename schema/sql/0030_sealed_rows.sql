-- Rows that are not bound by the log are sealed as a whole, so that one which was not written by the service opens nothing: who
-- can write this file and has no key is nobody's session, and repeats nobody's reply. Staff sign in once more.
DELETE FROM sessions;
ALTER TABLE sessions ADD COLUMN seal BLOB; -- of nothing, with all other columns as its place
DELETE FROM idempotency;                   -- whose bodies are sealed with the other columns from now on

-- Of a checkpoint with the size of the one before it, so that one that is gone is missed by the next.
ALTER TABLE log_checkpoints ADD COLUMN seal BLOB; -- NULL: published before there were seals
