-- A document is issued as text and as the PDF that is set from it: both are frozen together, and a signature names both.

ALTER TABLE documents ADD COLUMN pdf_object_id TEXT REFERENCES objects (id); -- NULL: issued before there were any
ALTER TABLE documents ADD COLUMN pdf_sha256 TEXT
    CHECK (length(pdf_sha256) = 64) CHECK ((pdf_sha256 IS NULL) = (pdf_object_id IS NULL));

-- Beside document_sha256, which is what the signer was shown: the text's, or this one.
ALTER TABLE signatures ADD COLUMN pdf_sha256 TEXT CHECK (length(pdf_sha256) = 64);
