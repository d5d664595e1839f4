-- The parties' own settlement (Order 146, arts. 19-22): the draft they write together, and each text that was proposed.

-- The table of documents is made anew, since a CHECK can't be changed: it takes in agreements, which a party may propose
-- as well as an officer. The references to it hold again when the rows are back, before this step is committed.
PRAGMA defer_foreign_keys = ON;
DROP TRIGGER documents_no_update;
DROP TRIGGER documents_no_delete;
CREATE TEMP TABLE documents_kept AS SELECT * FROM documents;
DROP TABLE documents;
CREATE TABLE documents (
    id              TEXT PRIMARY KEY,
    case_id         TEXT NOT NULL REFERENCES cases (id),
    kind            TEXT NOT NULL CHECK (kind IN ('determination', 'agreement')),
    number          TEXT NOT NULL UNIQUE,
    sealed_text     BLOB NOT NULL, -- the exact issued bytes
    sha256          TEXT NOT NULL CHECK (length(sha256) = 64),
    sealed_content  BLOB,          -- the data that the text was made from
    issued_by       TEXT REFERENCES users (id),
    issued_by_party TEXT REFERENCES parties (id), -- an agreement that a party proposed
    issued_us       INTEGER NOT NULL,
    pdf_object_id   TEXT REFERENCES objects (id), -- NULL: issued before there were any
    pdf_sha256      TEXT CHECK (length(pdf_sha256) = 64),
    CHECK ((pdf_sha256 IS NULL) = (pdf_object_id IS NULL)),
    CHECK ((issued_by IS NULL) <> (issued_by_party IS NULL)),
    CHECK (kind = 'agreement' OR issued_by IS NOT NULL)
) STRICT;
INSERT INTO documents (id, case_id, kind, number, sealed_text, sha256, sealed_content, issued_by, issued_us,
                       pdf_object_id, pdf_sha256)
    SELECT id, case_id, kind, number, sealed_text, sha256, sealed_content, issued_by, issued_us, pdf_object_id,
           pdf_sha256 FROM documents_kept;
DROP TABLE documents_kept;
CREATE INDEX documents_by_case ON documents (case_id, issued_us);
CREATE TRIGGER documents_no_update BEFORE UPDATE ON documents
BEGIN
    SELECT raise(ABORT, 'an issued document is not changed');
END;
CREATE TRIGGER documents_no_delete BEFORE DELETE ON documents
BEGIN
    SELECT raise(ABORT, 'an issued document is not deleted');
END;

-- What the parties have written so far. What each says of itself is in `parties`, and is taken from there whenever this
-- is read.
CREATE TABLE agreements (
    case_id      TEXT PRIMARY KEY REFERENCES cases (id),
    sealed_draft BLOB NOT NULL,
    updated_us   INTEGER NOT NULL
) STRICT;

-- What became of each document of the kind `agreement`. It is open until all have signed, or one has not.
CREATE TABLE proposals (
    document_id TEXT PRIMARY KEY REFERENCES documents (id),
    case_id     TEXT NOT NULL REFERENCES cases (id),
    status      TEXT NOT NULL CHECK (status IN ('open', 'agreed', 'withdrawn')),
    reason      TEXT CHECK (reason IN ('refused', 'objected', 'changed', 'determination', 'on_scene')),
    ended_us    INTEGER NOT NULL DEFAULT 0,
    CHECK ((status = 'withdrawn') = (reason IS NOT NULL)),
    CHECK ((status = 'open') = (ended_us = 0))
) STRICT;
CREATE UNIQUE INDEX proposals_open ON proposals (case_id) WHERE status = 'open';
CREATE TRIGGER proposals_ended BEFORE UPDATE ON proposals WHEN old.status <> 'open'
BEGIN
    SELECT raise(ABORT, 'a proposal that has ended is not changed');
END;
CREATE TRIGGER proposals_no_delete BEFORE DELETE ON proposals
BEGIN
    SELECT raise(ABORT, 'a proposal is not deleted');
END;

-- How the parties came to terms (tjfs): by themselves, or by whose mediation.
ALTER TABLE cases ADD COLUMN mediation_method TEXT CHECK (mediation_method IN ('1', '2', '3', '4'));
