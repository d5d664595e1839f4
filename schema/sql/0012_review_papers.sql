-- The papers of a review are documents too: what the higher unit concluded, and a correction. A CHECK can't be changed,
-- so the table is made anew; the references to it hold again when the rows are back, before this step is committed.
PRAGMA defer_foreign_keys = ON;
DROP TRIGGER documents_no_update;
DROP TRIGGER documents_no_delete;
CREATE TEMP TABLE documents_kept AS SELECT * FROM documents;
DROP TABLE documents;
CREATE TABLE documents (
    id              TEXT PRIMARY KEY,
    case_id         TEXT NOT NULL REFERENCES cases (id),
    kind            TEXT NOT NULL CHECK (kind IN ('determination', 'agreement', 'review_conclusion', 'correction')),
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
INSERT INTO documents (id, case_id, kind, number, sealed_text, sha256, sealed_content, issued_by, issued_by_party,
                       issued_us, pdf_object_id, pdf_sha256)
    SELECT id, case_id, kind, number, sealed_text, sha256, sealed_content, issued_by, issued_by_party, issued_us,
           pdf_object_id, pdf_sha256 FROM documents_kept;
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
