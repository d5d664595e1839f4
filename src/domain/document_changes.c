#include "src/domain/document_changes.h"
#include "src/domain/document_outline.h"

#include <string.h>

/* One thing that a document says. */
typedef struct {
    char *name;
    char *value;
} Statement;

static void
statement_free(gpointer data)
{
    Statement *statement = data;
    g_free(statement->name);
    g_free(statement->value);
    g_free(statement);
}

/* Takes both. */
static void
add(GPtrArray *statements, char *name, char *value)
{
    Statement *statement = g_new(Statement, 1);
    *statement = (Statement){name, value};
    g_ptr_array_add(statements, statement);
}

/* Each field by itself, under the heading of its section if that is a party's. */
static void
add_fields(GPtrArray *statements, const KcDocumentSection *section)
{
    const char *party = kc_document_section_party(section);
    for (guint i = 0; i < section->lines->len; i++) {
        const KcDocumentLine *line = section->lines->pdata[i];
        if (line->kind != KC_LINE_FIELD || strcmp(line->name, "文书编号") == 0)
            continue;
        char *name = party != NULL ? g_strdup_printf("当事人%s：%s", party, line->name) : g_strdup(line->name);
        add(statements, name, g_strdup(line->text));
    }
}

/* Running text as a whole, under its heading. */
static void
add_prose(GPtrArray *statements, const KcDocumentSection *section)
{
    const KcDocumentLine *heading = section->lines->pdata[0];
    g_autoptr(GString) text = g_string_new(NULL);
    for (guint i = 0; i < section->lines->len; i++)
        g_string_append(text, ((const KcDocumentLine *)section->lines->pdata[i])->raw);
    if (heading->kind == KC_LINE_HEADING)
        add(statements, g_strdup(heading->text), g_strdup(text->str));
}

static GPtrArray *
statements_of(const char *text)
{
    GPtrArray *statements = g_ptr_array_new_with_free_func(statement_free);
    g_autoptr(KcDocumentOutline) outline = kc_document_outline_parse(text);
    for (guint i = 0; i < outline->sections->len; i++) {
        const KcDocumentSection *section = outline->sections->pdata[i];
        if (section->kind == KC_SECTION_RECORD || section->kind == KC_SECTION_PARTY)
            add_fields(statements, section);
        else if (section->kind == KC_SECTION_PROSE)
            add_prose(statements, section);
    }
    return statements;
}

static const char *
value_of(const GPtrArray *statements, const char *name)
{
    for (guint i = 0; i < statements->len; i++) {
        const Statement *statement = statements->pdata[i];
        if (strcmp(statement->name, name) == 0)
            return statement->value;
    }
    return NULL;
}

GPtrArray *
kc_document_changes(const char *before, const char *after)
{
    GPtrArray *changes = g_ptr_array_new_with_free_func(g_free);
    g_autoptr(GPtrArray) old = statements_of(before);
    g_autoptr(GPtrArray) new = statements_of(after);
    for (guint i = 0; i < new->len; i++) {
        const Statement *statement = new->pdata[i];
        if (g_strcmp0(value_of(old, statement->name), statement->value) != 0)
            g_ptr_array_add(changes, g_strdup(statement->name));
    }
    for (guint i = 0; i < old->len; i++) {
        const Statement *statement = old->pdata[i];
        if (value_of(new, statement->name) == NULL)
            g_ptr_array_add(changes, g_strdup(statement->name));
    }
    return changes;
}
