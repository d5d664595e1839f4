-- What those in a call write to each other. Evidence as the recordings are: never changed, and deleted only with its case; of a case
-- that its party has left the words go (src/app/minimise_case.c), and who wrote when stays.
CREATE TABLE messages (
    id          TEXT PRIMARY KEY,
    case_id     TEXT NOT NULL REFERENCES cases (id),
    party_id    TEXT REFERENCES parties (id), -- who wrote it: one of these three
    user_id     TEXT REFERENCES users (id),
    guest_id    TEXT REFERENCES guests (id),
    sent_us     INTEGER NOT NULL CHECK (sent_us > 0),
    sealed_text BLOB, -- NULL: taken out
    UNIQUE (case_id, sent_us),
    CHECK ((party_id IS NOT NULL) + (user_id IS NOT NULL) + (guest_id IS NOT NULL) = 1)
) STRICT;
CREATE TRIGGER messages_no_update BEFORE UPDATE ON messages
WHEN new.id <> old.id OR new.case_id <> old.case_id OR new.party_id IS NOT old.party_id OR new.user_id IS NOT old.user_id
     OR new.guest_id IS NOT old.guest_id OR new.sent_us <> old.sent_us OR new.sealed_text IS NOT NULL
BEGIN
    SELECT raise(ABORT, 'a message is not changed');
END;
CREATE TRIGGER messages_no_delete BEFORE DELETE ON messages
WHEN (SELECT erased_us FROM cases WHERE id = old.case_id) = 0
BEGIN
    SELECT raise(ABORT, 'a message is kept');
END;
