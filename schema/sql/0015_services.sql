-- How a document was served on each party (Order 146, art. 24; procedure, art. 36): on its page, with its consent and its own
-- word that it has it; on paper; or refused, which is noted. Limits run from here.
CREATE TABLE services (
    id          TEXT PRIMARY KEY,
    case_id     TEXT NOT NULL REFERENCES cases (id),
    document_id TEXT NOT NULL REFERENCES documents (id),
    party_id    TEXT NOT NULL REFERENCES parties (id),
    way         TEXT NOT NULL CHECK (way IN ('electronic', 'paper', 'refused')),
    delivery    TEXT CHECK (delivery IN ('handed', 'posted')),
    sha256      TEXT NOT NULL CHECK (length(sha256) = 64), -- of the text
    pdf_sha256  TEXT CHECK (length(pdf_sha256) = 64),
    served_us   INTEGER NOT NULL CHECK (served_us > 0),
    recorded_us INTEGER NOT NULL CHECK (recorded_us > 0),
    recorded_by TEXT REFERENCES users (id),                -- NULL: the party itself
    sealed_note BLOB,
    UNIQUE (document_id, party_id),
    CHECK ((way = 'paper') = (delivery IS NOT NULL)),
    CHECK ((way = 'electronic') = (recorded_by IS NULL))
) STRICT;
CREATE INDEX services_by_case ON services (case_id, served_us);
CREATE TRIGGER services_no_update BEFORE UPDATE ON services
BEGIN
    SELECT raise(ABORT, 'a record of service is not changed');
END;
CREATE TRIGGER services_no_delete BEFORE DELETE ON services
BEGIN
    SELECT raise(ABORT, 'a record of service is kept');
END;

-- When the bytes of a document first went to a party's own link, and which: the means that confirms receipt.
CREATE TABLE document_openings (
    document_id TEXT NOT NULL REFERENCES documents (id),
    party_id    TEXT NOT NULL REFERENCES parties (id),
    case_id     TEXT NOT NULL REFERENCES cases (id),
    sha256      TEXT NOT NULL CHECK (length(sha256) = 64), -- of what was sent
    opened_us   INTEGER NOT NULL CHECK (opened_us > 0),
    PRIMARY KEY (document_id, party_id)
) STRICT, WITHOUT ROWID;
CREATE TRIGGER document_openings_no_update BEFORE UPDATE ON document_openings
BEGIN
    SELECT raise(ABORT, 'the first opening is not changed');
END;
CREATE TRIGGER document_openings_no_delete BEFORE DELETE ON document_openings
BEGIN
    SELECT raise(ABORT, 'the first opening is kept');
END;

-- Until now every decision on a determination was its service.
INSERT INTO services (id, case_id, document_id, party_id, way, sha256, pdf_sha256, served_us, recorded_us, recorded_by)
    SELECT s.id, s.case_id, s.document_id, s.party_id, CASE WHEN s.recorded_by IS NULL THEN 'electronic' ELSE 'refused' END,
           d.sha256, d.pdf_sha256, s.signed_us, s.signed_us, s.recorded_by
    FROM signatures s JOIN documents d ON d.id = s.document_id WHERE d.kind = 'determination';
