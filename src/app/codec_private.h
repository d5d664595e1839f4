/* What the codecs of the determination and of the agreement share. Included by src/app alone. */
#pragma once

#include "src/domain/determination.h"

#include <jansson.h>

typedef struct {
    const char *name;
    gsize offset; /* of a char * */
} KcTextField;

/* Of a KcDeterminationParty; ends with a NULL name. */
extern const KcTextField kc_codec_party_texts[];

json_t *kc_codec_text_or_null(const char *text);
json_t *kc_codec_time_or_null(gint64 at_us); /* null for 0 */
json_t *kc_codec_party_to_json(const KcDeterminationParty *party);

/* Sets the text of that name; `*ret_known`: there is one. FALSE: none, or of the wrong type. */
gboolean kc_codec_take_text(const KcTextField *fields, const char *key, const json_t *value, gpointer target,
                            gboolean *ret_known);
/* null, or an integer from 0 to `max`; -1 for null. */
gboolean kc_codec_read_number(const json_t *value, gint64 max, gint64 *ret_number);
/* null for none. */
gboolean kc_codec_read_liability(const json_t *value, KcLiability *ret_liability);
gboolean kc_codec_read_violations(const json_t *value, KcDeterminationParty *party);
/* null for 0. */
gboolean kc_codec_read_time(const json_t *value, gint64 *ret_unix_us);

typedef gboolean (*KcReadItem)(const json_t *root, guint number, gpointer target, char **ret_pointer);
gboolean kc_codec_read_list(const json_t *value, const char *key, guint max, KcReadItem read, gpointer target,
                            char **ret_pointer);

/* Names the place of what is wrong. Always FALSE. */
gboolean kc_codec_fail_at(char **ret_pointer, const char *format, ...) G_GNUC_PRINTF(2, 3);
