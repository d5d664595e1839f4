-- The official wording of laws, as an installation's admin imported it. Each text is a version of its law; a version
-- never changes and never goes, since determinations were made by it.

CREATE TABLE law_texts (
    id          TEXT PRIMARY KEY,
    name        TEXT NOT NULL,                 -- short, as citations have it
    title       TEXT NOT NULL,
    dated       TEXT NOT NULL CHECK (dated GLOB '[0-9][0-9][0-9][0-9]-[0-9][0-9]-[0-9][0-9]'),
    sha256      TEXT NOT NULL UNIQUE CHECK (length(sha256) = 64), -- of the file
    articles    INTEGER NOT NULL CHECK (articles > 0),
    imported_us INTEGER NOT NULL
) STRICT;
CREATE INDEX law_texts_by_name ON law_texts (name, dated, imported_us);

CREATE TABLE law_passages (
    law_id      TEXT NOT NULL REFERENCES law_texts (id),
    article     INTEGER NOT NULL,
    article_sub INTEGER NOT NULL,
    paragraph   INTEGER NOT NULL,
    item        INTEGER NOT NULL,              -- 0: the paragraph itself
    text        TEXT NOT NULL CHECK (text <> ''),
    PRIMARY KEY (law_id, article, article_sub, paragraph, item)
) STRICT, WITHOUT ROWID;

CREATE TRIGGER law_texts_no_update BEFORE UPDATE ON law_texts
BEGIN
    SELECT raise(ABORT, 'a version of a law is not changed');
END;
CREATE TRIGGER law_texts_no_delete BEFORE DELETE ON law_texts
BEGIN
    SELECT raise(ABORT, 'a version of a law is kept');
END;
CREATE TRIGGER law_passages_no_update BEFORE UPDATE ON law_passages
BEGIN
    SELECT raise(ABORT, 'a version of a law is not changed');
END;
CREATE TRIGGER law_passages_no_delete BEFORE DELETE ON law_passages
BEGIN
    SELECT raise(ABORT, 'a version of a law is kept');
END;

-- A supervisor's second look at a draft, where the centre's policy asks for one: of a case the newest request and the
-- newest approval, each of the very draft that its hash names.
CREATE TABLE approvals (
    case_id      TEXT PRIMARY KEY REFERENCES cases (id),
    draft_sha256 TEXT NOT NULL CHECK (length(draft_sha256) = 64),
    requested_by TEXT REFERENCES users (id),
    requested_us INTEGER NOT NULL DEFAULT 0,
    approved_by  TEXT REFERENCES users (id),
    approved_us  INTEGER NOT NULL DEFAULT 0,
    CHECK ((requested_us > 0) = (requested_by IS NOT NULL)),
    CHECK ((approved_us > 0) = (approved_by IS NOT NULL))
) STRICT;
CREATE INDEX approvals_open ON approvals (requested_us) WHERE approved_us = 0;
