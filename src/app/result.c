/* Invariant: a result leaves KC_RESULT_OK once at most; `errors` exists only for a refusal. */
#include "src/app/result.h"

#define MAX_FIELD_ERRORS 32

static void
field_error_free(gpointer data)
{
    KcFieldError *field = data;
    g_free(field->pointer);
    g_free(field->message);
    g_free(field);
}

void
kc_result_clear(KcResult *result)
{
    g_free(result->code);
    g_free(result->detail);
    g_free(result->state);
    g_clear_pointer(&result->errors, g_ptr_array_unref);
    *result = (KcResult){0};
}

gboolean
kc_refuse(KcResult *result, KcResultKind kind, const char *code, const char *detail)
{
    g_assert(kind != KC_RESULT_OK);
    if (result->kind != KC_RESULT_OK)
        return FALSE;
    result->kind = kind;
    result->code = g_strdup(code);
    result->detail = g_strdup(detail);
    return FALSE;
}

gboolean
kc_refuse_retry(KcResult *result, KcResultKind kind, const char *code, const char *detail, guint after_s)
{
    if (result->kind == KC_RESULT_OK)
        result->retry_after_s = after_s;
    return kc_refuse(result, kind, code, detail);
}

void
kc_result_name(KcResult *result, const char *pointer, const char *message)
{
    g_assert(result->kind != KC_RESULT_OK);
    if (result->errors == NULL)
        result->errors = g_ptr_array_new_with_free_func(field_error_free);
    if (result->errors->len >= MAX_FIELD_ERRORS)
        return;
    KcFieldError *field = g_new0(KcFieldError, 1);
    field->pointer = g_strdup(pointer);
    field->message = g_strdup(message);
    g_ptr_array_add(result->errors, field);
}

gboolean
kc_refuse_field(KcResult *result, const char *pointer, const char *message)
{
    kc_refuse(result, KC_RESULT_INVALID, "invalid", "A field is wrong.");
    if (result->kind == KC_RESULT_INVALID)
        kc_result_name(result, pointer, message);
    return FALSE;
}
