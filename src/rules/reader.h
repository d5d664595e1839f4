/* Reading JSON strictly, remembering where one is: every refusal names file, JSON pointer and reason.
 *
 * The first error wins and later calls do nothing, so that a reading function is a plain list of fields; look at
 * `error` once at the end. Texts returned are owned copies, NULL after an error. */
#pragma once

#include "src/base/json.h"

typedef struct {
    const char *file;
    GString *pointer;
    char *key; /* of a refusal: the member of the object at `pointer` that is wrong; NULL: the value itself */
    GError *error;
} KcReader;

KcReader *kc_reader_new(const char *file);
void kc_reader_free(KcReader *reader);

/* Refuses at the present place, with KC_RULES_ERROR_INVALID: the pointer and the reason. */
void kc_reader_refuse(KcReader *reader, const char *format, ...) G_GNUC_PRINTF(2, 3);

/* What was refused, as KC_RULES_ERROR with file, line, column, pointer and reason; `text`: what was read. FALSE. */
gboolean kc_reader_propagate(KcReader *reader, GBytes *text, GError **error);
/* The JSON of a whole file; NULL: KC_RULES_ERROR_SYNTAX. */
json_t *kc_reader_parse(const char *file, GBytes *text, GError **error);

/* Into a member or an element, and out again. */
void kc_reader_enter(KcReader *reader, const char *key);
void kc_reader_enter_index(KcReader *reader, gsize index);
void kc_reader_leave(KcReader *reader);

/* The value is an object that has no other keys than those named (NULL-terminated). */
gboolean kc_reader_object(KcReader *reader, const json_t *value, const char *const *keys);

/* A member that must be there; NULL after a refusal. Borrowed. */
json_t *kc_reader_member(KcReader *reader, const json_t *object, const char *key, json_type type);

char *kc_reader_text(KcReader *reader, const json_t *object, const char *key);          /* not empty */
char *kc_reader_optional_text(KcReader *reader, const json_t *object, const char *key); /* absent: NULL */
char *kc_reader_date(KcReader *reader, const json_t *object, const char *key);
char *kc_reader_optional_date(KcReader *reader, const json_t *object, const char *key);
double kc_reader_number(KcReader *reader, const json_t *object, const char *key, double min, double max);
gboolean kc_reader_boolean(KcReader *reader, const json_t *object, const char *key);
GStrv kc_reader_texts(KcReader *reader, const json_t *object, const char *key);          /* array of texts */
GStrv kc_reader_optional_texts(KcReader *reader, const json_t *object, const char *key); /* absent: empty */

G_DEFINE_AUTOPTR_CLEANUP_FUNC(KcReader, kc_reader_free)
