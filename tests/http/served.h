/* A case of two parties whose determination is issued, and how each of them answers it. */
#pragma once

#include "tests/http/fixture.h"

typedef struct {
    Fixture *fixture; /* borrowed */
    char *officer;
    TestCase one; /* with party A */
    char *party_b, *token_b;
    char *still;
    char *document, *sha256;
    gboolean b_wants_paper; /* B does not agree to electronic service */
    const char *more; /* further members of the draft, each with its comma; NULL: none */
} Served;

/* Both are in the case, with a still; nothing is written yet. */
void served_call(Served *served);
/* A draft that nothing is missing in; owned. */
char *served_draft(const Served *served);
/* From the start to the document; nobody has answered yet. */
void served_issue(Served *served);
void served_clear(Served *served);

/* By the party of that token: "objected", "refused", or "signed" with a picture. */
void served_decide(Served *served, const char *token, const char *decision);

/* What that party agrees to, or no longer, by its own token. */
void served_consent(Served *served, const char *token, const char *party_id, const char *kind, gboolean given);

/* Sent with the officer's token; owned reply. `rest` follows the path of the case. */
json_t *served_by_officer(Served *served, int status, const char *method, const char *rest, const char *body);

/* "CODE:A CODE:B CODE …" as this token sees the case, sorted, what is over with a "-" before it; A, B or nothing for
 * whose it is. Owned. */
char *served_limits(Served *served, const char *token);

/* That hour of that day in China becomes the time of the service, give or take the seconds that the test runs. */
void served_set_day(Fixture *fixture, const char *day, int hour);
