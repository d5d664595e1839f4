/* drafts.json: the templates of the first draft. Each may use only the names that are filled in for it, so that no
 * draft ever shows an unfilled one. */
#include "src/rules/lists.h"

#include <string.h>

typedef struct {
    const char *section;
    const char *key;
    const char *names; /* " a b " */
} TemplateSpec;

static const TemplateSpec TEMPLATES[] = {
    {"facts", "opening", " time parties place form collision object weather "},
    {"facts", "motor", " label name vehicle plate "},
    {"facts", "non_motor", " label name vehicle "},
    {"facts", "pedestrian", " label name "},
    {"facts", "passenger", " label name vehicle "},
    {"facts", "other", " label name "},
    {"facts", "and", " "},
    {"facts", "acts", " acts "},
    {"facts", "act", " label summary "},
    {"facts", "acts_and", " "},
    {"facts", "damaged", " damaged "},
    {"facts", "damaged_part", " label part "},
    {"facts", "damaged_and", " "},
    {"facts", "injured", " injured damage "},
    {"facts", "unhurt", " damage "},
    {"facts", "facility", " "},
    {"facts", "evacuated", " evacuated "},
    {"cause", "act", " label summary basis "},
    {"cause", "full", " "},
    {"cause", "primary", " "},
    {"cause", "equal", " "},
    {"cause", "secondary", " "},
    {"cause", "none", " "},
    {"cause", "undeterminable", " "},
    {"cause", "unset", " "},
    {"cause", "no_act_none", " label "},
    {"cause", "no_act_undeterminable", " label "},
    {"cause", "reason", " acts "},
};

void
kc_draft_text_free(KcDraftText *text)
{
    g_free(text->name);
    g_free(text->text);
    g_free(text);
}

/* The name between { and }, owned; NULL: there is no }. */
static char *
name_at(const char *open)
{
    const char *close = strchr(open, '}');
    return close == NULL ? NULL : g_strndup(open + 1, (gsize)(close - open - 1));
}

static gboolean
has_name(const TemplateSpec *spec, const char *name)
{
    g_autofree char *word = g_strdup_printf(" %s ", name);
    return *name != '\0' && strchr(name, ' ') == NULL && strstr(spec->names, word) != NULL;
}

static void
check_template(KcReader *reader, const TemplateSpec *spec, const char *text)
{
    gboolean in_group = FALSE;
    for (const char *p = text; *p != '\0' && reader->error == NULL; p++) {
        if (*p == '[' || *p == ']') {
            if (in_group == (*p == '['))
                kc_reader_refuse(reader, "[ and ] of \"%s\" do not pair", spec->key);
            in_group = *p == '[';
        }
        if (*p != '{')
            continue;
        g_autofree char *name = name_at(p);
        if (name == NULL || !has_name(spec, name))
            kc_reader_refuse(reader, "\"%s\" has no name \"%s\"", spec->key, name != NULL ? name : p);
        else
            p += strlen(name) + 1;
    }
    if (in_group)
        kc_reader_refuse(reader, "[ and ] of \"%s\" do not pair", spec->key);
}

static void
read_section(KcReader *reader, const json_t *root, const char *section, KcRules *rules)
{
    const char *keys[G_N_ELEMENTS(TEMPLATES) + 1] = {0};
    guint count = 0;
    for (guint i = 0; i < G_N_ELEMENTS(TEMPLATES); i++)
        if (strcmp(TEMPLATES[i].section, section) == 0)
            keys[count++] = TEMPLATES[i].key;
    const json_t *object = kc_reader_member(reader, root, section, JSON_OBJECT);
    kc_reader_enter(reader, section);
    if (object != NULL && kc_reader_object(reader, object, keys))
        for (guint i = 0; i < G_N_ELEMENTS(TEMPLATES) && reader->error == NULL; i++) {
            const TemplateSpec *spec = &TEMPLATES[i];
            if (strcmp(spec->section, section) != 0)
                continue;
            KcDraftText *draft = g_new0(KcDraftText, 1);
            draft->name = g_strdup_printf("%s.%s", section, spec->key);
            draft->text = kc_reader_text(reader, object, spec->key);
            g_ptr_array_add(rules->draft_texts, draft);
            if (draft->text != NULL)
                check_template(reader, spec, draft->text);
        }
    kc_reader_leave(reader);
}

void
kc_rules_read_drafts(KcReader *reader, const json_t *root, KcRules *rules)
{
    static const char *const keys[] = {"about", "effective_from", "kind", "legal_basis", "facts", "cause", NULL};

    if (!kc_reader_object(reader, root, keys))
        return;
    kc_rules_read_list_head(reader, root);
    read_section(reader, root, "facts", rules);
    read_section(reader, root, "cause", rules);
}
