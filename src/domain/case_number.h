/* The number people say on the telephone: C-20261123-000042. Counted from 1 each day of Beijing time. Pure. */
#pragma once

#include <glib.h>

#define KC_CASE_NUMBER_MAX 999999

/* Owned; `sequence` 1…KC_CASE_NUMBER_MAX. */
char *kc_case_number_format(gint64 unix_us, guint sequence);

/* The number of a document of that case: C-20261123-000042-D1, `ordinal` from 1. Owned. */
char *kc_document_number_format(const char *case_number, guint ordinal);

/* The number of an agreement that is proposed in that case: C-20261123-000042-A1, each proposal the next. Owned. */
char *kc_agreement_number_format(const char *case_number, guint ordinal);

/* `ret_date` owned "2026-11-23"; FALSE leaves both alone. */
gboolean kc_case_number_parse(const char *text, char **ret_date, guint *ret_sequence);
