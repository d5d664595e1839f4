/* What a use case came to: done, or refused for a reason that the caller can act on.
 *
 * A refusal is a value. A GError is a fault of this service (disk, database, a bug) and is never shown to a client.
 * Every use case returns TRUE when it is done; FALSE leaves either a refusal in its KcResult or an error set, never
 * both. */
#pragma once

#include <glib.h>

typedef enum {
    KC_RESULT_OK,
    KC_RESULT_MALFORMED,       /* 400 */
    KC_RESULT_UNAUTHENTICATED, /* 401 */
    KC_RESULT_FORBIDDEN,       /* 403 */
    KC_RESULT_NOT_FOUND,       /* 404: absent, or not visible to the caller */
    KC_RESULT_STATE,           /* 409: `state` names the state of the case */
    KC_RESULT_CONFLICT,        /* 409 for any other reason */
    KC_RESULT_STALE,           /* 412: the case has another version than If-Match named */
    KC_RESULT_TOO_LARGE,       /* 413 */
    KC_RESULT_UNSUPPORTED,     /* 415 */
    KC_RESULT_INVALID,         /* 422: `errors` name the fields */
    KC_RESULT_RATE,            /* 429: `retry_after_s` */
    KC_RESULT_UNAVAILABLE,     /* 503: `retry_after_s` */
    KC_RESULT_DISK_FULL,       /* 507 */
} KcResultKind;

typedef struct {
    char *pointer; /* RFC 6901, into the body */
    char *message; /* Chinese and English where both are known, "中文 / English" */
} KcFieldError;

typedef struct {
    KcResultKind kind;
    char *code;        /* kebab-case, stable: "wrong-state", "token-expired", "call-full", … */
    char *detail;      /* a sentence for people, without personal data; may be NULL */
    char *state;       /* KC_RESULT_STATE: "in_call", … */
    GPtrArray *errors; /* KcFieldError *; NULL unless KC_RESULT_INVALID, or the refusal names what it is about */
    guint retry_after_s;
} KcResult;

void kc_result_clear(KcResult *result);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(KcResult, kc_result_clear)

/* Each returns FALSE, so that a use case can `return kc_refuse(…)`. The first refusal stays: a second call on the same
 * result changes nothing. `detail` is copied. */
gboolean kc_refuse(KcResult *result, KcResultKind kind, const char *code, const char *detail);
gboolean kc_refuse_field(KcResult *result, const char *pointer, const char *message);
/* One more thing that a refusal, whatever its kind, is about. */
void kc_result_name(KcResult *result, const char *pointer, const char *message);
gboolean kc_refuse_retry(KcResult *result, KcResultKind kind, const char *code, const char *detail, guint after_s);
