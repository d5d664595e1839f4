/* Documents to print: what an officer would issue after a collision of two or three. */
#pragma once

#include "src/domain/document_text.h"
#include "src/print/print.h"

/* `facts` NULL: a usual paragraph; `name` NULL: 张三. Owned. */
char *sample_text(guint parties, const char *facts, const char *name);

/* A job of that text, undecided; its SHA-256 is owned by the caller. */
KcPrintJob sample_job(const char *text, char **ret_sha256);

/* A drawn line of ink on a transparent ground, as a phone's signature pad makes it. */
GBytes *sample_signature(int width, int height);

/* Writes the PDF into `dir` and returns what `pdftotext` finds in it; with KC_PRINT_KEEP set, a copy stays there. */
char *sample_read(const char *dir, const char *name, GBytes *pdf);

/* What is left of a text without white space: how it is broken into lines does not matter. Owned. */
char *sample_squeeze(const char *text);
