/* Refusals as RFC 9457 problem+json; every one that leaves the service is written here.
 *
 * A detail is written for the person who reads it; it holds no SQL, no path, no personal data. */
#pragma once

#include "src/http/reply.h"

/* Fields that are wrong, collected while a body is read. At most KC_PROBLEM_FIELDS are kept. */
#define KC_PROBLEM_FIELDS 32
typedef struct {
    GPtrArray *items; /* owned pointers (RFC 6901) and messages in turn; NULL while there are none */
} KcFieldErrors;

void kc_field_errors_add(KcFieldErrors *errors, const char *pointer, const char *message);
gboolean kc_field_errors_any(const KcFieldErrors *errors);
void kc_field_errors_clear(KcFieldErrors *errors);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(KcFieldErrors, kc_field_errors_clear)

typedef struct {
    unsigned status;
    const char *code;            /* the kind of refusal for programs: "wrong-state", "token-expired", … */
    const char *detail;          /* a sentence for people; may be NULL */
    const char *state;           /* of the case, when that is the reason; else NULL */
    const KcFieldErrors *errors; /* may be NULL or empty */
    guint retry_after_s;         /* 0: none */
} KcProblem;

KcHttpReply *kc_problem_reply(const KcProblem *problem);

/* The usual ones in short. */
KcHttpReply *kc_problem(unsigned status, const char *code, const char *detail);
KcHttpReply *kc_problem_retry(unsigned status, const char *code, const char *detail, guint after_s);
KcHttpReply *kc_problem_fields(const KcFieldErrors *errors);             /* 422 */
KcHttpReply *kc_problem_field(const char *pointer, const char *message); /* 422 */
