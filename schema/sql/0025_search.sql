-- What cases are found by (src/store/search_index.h). Personal texts are sealed; of them stand here keyed tokens, whose
-- table tells that two cases share a token, and how many do, but not which it is.

-- One row a case, newest last: created_us, moved on where another case has that moment. The columns are no personal data.
CREATE TABLE case_search (
    row_us     INTEGER PRIMARY KEY,
    case_id    TEXT NOT NULL UNIQUE REFERENCES cases (id),
    state      TEXT NOT NULL,
    county     TEXT,
    channel    TEXT NOT NULL,
    officer_id TEXT,
    closing    TEXT, -- jafs
    form       TEXT, -- accident form, as the newest draft has it
    outcome    TEXT CHECK (outcome IN ('determination', 'agreement')), -- the newest document that was issued of both
    review     TEXT CHECK (review IN ('asked', 'withdrawn', 'upheld', 'upheld_corrected', 'anew')),
    decision   TEXT CHECK (decision IN ('signed', 'refused', 'objected')), -- of the parties, the most adverse
    indexed    INTEGER NOT NULL DEFAULT 0 CHECK (indexed IN (0, 1)) -- 0: tokens and what follows from sealed texts lack
) STRICT;
CREATE INDEX case_search_by_state ON case_search (state);
CREATE INDEX case_search_by_county ON case_search (county);
CREATE INDEX case_search_by_channel ON case_search (channel);
CREATE INDEX case_search_by_officer ON case_search (officer_id) WHERE officer_id IS NOT NULL;
CREATE INDEX case_search_by_closing ON case_search (closing) WHERE closing IS NOT NULL;
CREATE INDEX case_search_by_form ON case_search (form) WHERE form IS NOT NULL;
CREATE INDEX case_search_by_outcome ON case_search (outcome) WHERE outcome IS NOT NULL;
CREATE INDEX case_search_by_review ON case_search (review) WHERE review IS NOT NULL;
CREATE INDEX case_search_by_decision ON case_search (decision) WHERE decision IS NOT NULL;
CREATE INDEX case_search_to_index ON case_search (row_us) WHERE indexed = 0;

CREATE TABLE case_terms (
    term   INTEGER NOT NULL, -- kc_keyring_search_term
    row_us INTEGER NOT NULL,
    PRIMARY KEY (term, row_us)
) STRICT, WITHOUT ROWID;

-- Which text brought which terms: to take them back when it changes, or when the case is erased.
CREATE TABLE case_term_sources (
    row_us INTEGER NOT NULL REFERENCES case_search (row_us),
    source TEXT NOT NULL, -- 'case', 'party:ID', 'determination', …
    terms  BLOB NOT NULL, -- eight bytes each, sorted
    PRIMARY KEY (row_us, source)
) STRICT, WITHOUT ROWID;

-- The cases that there are: at once what is no personal data, the rest by `kuaichu reindex` or in the background.
INSERT INTO case_search (row_us, case_id, state, county, channel, officer_id, closing)
    SELECT n + max(created_us - n) OVER (ORDER BY n), id, state, county, channel, officer_id, closing_code
    FROM (SELECT row_number() OVER (ORDER BY created_us, id) AS n, * FROM cases);
UPDATE case_search SET
    outcome = (SELECT d.kind FROM documents d WHERE d.case_id = case_search.case_id
               AND d.kind IN ('determination', 'agreement') ORDER BY d.issued_us DESC LIMIT 1),
    review = (SELECT coalesce(r.outcome, iif(r.withdrawn_us > 0, 'withdrawn', 'asked')) FROM reviews r
              WHERE r.case_id = case_search.case_id),
    decision = (SELECT CASE min(CASE s.decision WHEN 'refused' THEN 1 WHEN 'objected' THEN 2 ELSE 3 END)
                WHEN 1 THEN 'refused' WHEN 2 THEN 'objected' WHEN 3 THEN 'signed' END
                FROM signatures s WHERE s.case_id = case_search.case_id);
