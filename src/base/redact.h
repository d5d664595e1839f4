/* Personal data in a form that can't be logged by accident.
 *
 * A KcSecret has no conversion to text but kc_secret_reveal, which is easy to search for in review. Its printed form
 * keeps only what helps to recognise a value that one already knows: "138…00". Thread: any one at a time. */
#pragma once

#include <glib.h>

typedef struct {
    char *value; /* owned; NULL when unknown */
} KcSecret;

KcSecret kc_secret_new(const char *value);
void kc_secret_clear(KcSecret *secret);
const char *kc_secret_reveal(const KcSecret *secret);

/* Owned; the first three characters and the last two of a value of at least eight, else "…". */
char *kc_redact(const char *value);
