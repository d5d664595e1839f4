/* The exact text of a document, read back as what its lines are, so that a page can be set from the very bytes that are
 * signed, and from nothing else.
 *
 * The grammar is that of document_text.h: groups of lines between blank lines; a line that begins with two ideographic
 * spaces is running text, one with "：" a field, the first line of a group without either its heading. Text of people
 * can't look like a line of the form, since it is indented there. Nothing is lost: kc_document_outline_text gives the
 * same bytes again. Pure; thread-safe. */
#pragma once

#include <glib.h>

typedef enum {
    KC_LINE_HEADING,   /* also the notice and the title */
    KC_LINE_FIELD,     /* `name` and `text` */
    KC_LINE_PARAGRAPH, /* `text` without its indent */
} KcLineKind;

typedef struct {
    KcLineKind kind;
    char *name; /* of a field; else NULL */
    char *text;
    char *raw; /* as it stands */
} KcDocumentLine;

typedef enum {
    KC_SECTION_NOTICE, /* before the title: "【演示】…" */
    KC_SECTION_TITLE,
    KC_SECTION_RECORD, /* the fields below the title */
    KC_SECTION_PARTY,  /* "当事人甲" and its fields */
    KC_SECTION_PROSE,  /* everything else, in its order */
    KC_SECTION_ISSUER, /* the last fields without a heading: who and when */
    KC_SECTION_NOTE,   /* what follows them */
} KcSectionKind;

typedef struct {
    KcSectionKind kind;
    GPtrArray *lines; /* KcDocumentLine *, at least one */
} KcDocumentSection;

typedef struct {
    GPtrArray *sections; /* KcDocumentSection *, as they stand */
} KcDocumentOutline;

/* Of valid UTF-8 with LF; any such text has an outline. Owned. */
KcDocumentOutline *kc_document_outline_parse(const char *text);
void kc_document_outline_free(KcDocumentOutline *outline);

/* The text that was parsed, if it ended in one LF and had no two blank lines in a row. Owned. */
char *kc_document_outline_text(const KcDocumentOutline *outline);

/* "甲" of "当事人甲"; NULL if the section is no party's. Borrowed. */
const char *kc_document_section_party(const KcDocumentSection *section);
/* The value of the first field of that name, or NULL. Borrowed. */
const char *kc_document_section_field(const KcDocumentSection *section, const char *name);
/* The first section of a kind, or NULL. Borrowed. */
const KcDocumentSection *kc_document_outline_section(const KcDocumentOutline *outline, KcSectionKind kind);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(KcDocumentOutline, kc_document_outline_free)
