-- A printed document can be checked by anybody who has it, by the hash of its text or of the file. Signed copies are set
-- anew each time they are asked for: the hash of each that was handed out is kept.
CREATE TABLE document_copies (
    sha256      TEXT PRIMARY KEY CHECK (length(sha256) = 64),
    document_id TEXT NOT NULL REFERENCES documents (id),
    made_us     INTEGER NOT NULL CHECK (made_us > 0)
) STRICT, WITHOUT ROWID;
CREATE TRIGGER document_copies_no_update BEFORE UPDATE ON document_copies
BEGIN
    SELECT raise(ABORT, 'a copy that was handed out is not changed');
END;
CREATE TRIGGER document_copies_no_delete BEFORE DELETE ON document_copies
BEGIN
    SELECT raise(ABORT, 'a copy that was handed out is kept');
END;
CREATE INDEX documents_by_sha256 ON documents (sha256);
CREATE INDEX documents_by_pdf_sha256 ON documents (pdf_sha256);
