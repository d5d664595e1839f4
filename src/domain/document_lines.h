/* The lines that documents are made of, and what the determination and the agreement say alike. Included by src/domain
 * alone; the grammar is that of document_outline.h. */
#pragma once

#include "src/domain/document_text.h"

/* "未提供" for what is not known, so that a missing value can't be taken for an omitted line. */
const char *kc_lines_or_unknown(const char *text);

/* Text of people may hold line feeds, but must not be able to look like a line of the form: each is indented. */
void kc_lines_body(GString *out, const char *text);
/* What would break the line becomes a space. */
void kc_lines_inline(GString *out, const char *text);
/* "name：value" and the line's end. */
void kc_lines_field(GString *out, const char *name, const char *value);
/* "1. …" each; NULL-terminated. */
void kc_lines_numbered(GString *out, const char *const *texts);

/* Notice, title, numbers, and when, where and how. */
void kc_lines_head(GString *out, const KcDocument *document, const char *title);
/* "当事人甲" and its fields, after a blank line. */
void kc_lines_party(GString *out, const KcDocumentParty *party);
/* "当事人甲（张三）" in running text. */
void kc_lines_name(GString *out, const KcDocumentParty *party);
/* What it did, by which article, and what it bears. */
void kc_lines_liability(GString *out, const KcDocumentParty *party);
