/* consents.json: what each consent is for, what follows when it is withdrawn, and what is kept of a case that its party has
 * left. Every kind is in it once: a page can't ask for what it has no words for. */
#include "src/rules/lists.h"

#define YEAR_HOURS 8784

static const char *const KEEPABLE[] = {"kind",       "name",         "phone",          "id_number", "plate_number",
                                       "plate_type", "vehicle_type", "licence_number", "insurer",   "insurance_certificate",
                                       "position",   "place_text",   NULL};

static void
clear_consent(KcConsentRule *rule)
{
    char **texts[] = {&rule->legal_basis, &rule->title_zh, &rule->title_en, &rule->what_zh,
                      &rule->what_en,     &rule->after_zh, &rule->after_en};
    for (guint i = 0; i < G_N_ELEMENTS(texts); i++)
        g_clear_pointer(texts[i], g_free);
}

void
kc_rules_clear_consents(KcRules *rules)
{
    for (guint kind = 0; kind < KC_CONSENT_KIND_COUNT; kind++)
        clear_consent(&rules->consents[kind]);
    g_strfreev(rules->aborted.keeps);
    g_free(rules->aborted.legal_basis);
}

static void
read_consent(KcReader *reader, const json_t *object, KcRules *rules)
{
    static const char *const keys[] = {"code",    "legal_basis", "title_zh", "title_en", "what_zh",
                                       "what_en", "after_zh",    "after_en", NULL};
    KcConsentKind kind = KC_CONSENT_KIND_COUNT;
    if (!kc_reader_object(reader, object, keys))
        return;
    g_autofree char *code = kc_reader_text(reader, object, "code");
    if (code == NULL)
        return;
    if (!kc_consent_kind_from_string(code, &kind)) {
        kc_reader_refuse(reader, "there is no consent '%s'", code);
        return;
    }
    KcConsentRule *rule = &rules->consents[kind];
    if (rule->title_zh != NULL) {
        kc_reader_refuse(reader, "'%s' is there twice", code);
        return;
    }
    rule->kind = kind;
    rule->legal_basis = kc_reader_text(reader, object, "legal_basis");
    rule->title_zh = kc_reader_text(reader, object, "title_zh");
    rule->title_en = kc_reader_text(reader, object, "title_en");
    rule->what_zh = kc_reader_text(reader, object, "what_zh");
    rule->what_en = kc_reader_text(reader, object, "what_en");
    rule->after_zh = kc_reader_text(reader, object, "after_zh");
    rule->after_en = kc_reader_text(reader, object, "after_en");
}

static void
read_aborted(KcReader *reader, const json_t *root, KcAbortedRule *aborted)
{
    static const char *const keys[] = {"abandoned_after_hours", "expires_after_hours", "keeps", "legal_basis", NULL};
    const json_t *object = kc_reader_member(reader, root, "aborted", JSON_OBJECT);
    kc_reader_enter(reader, "aborted");
    if (kc_reader_object(reader, object, keys)) {
        aborted->abandoned_after_us =
            (gint64)kc_reader_number(reader, object, "abandoned_after_hours", 1, YEAR_HOURS) * G_TIME_SPAN_HOUR;
        aborted->expires_after_us =
            (gint64)kc_reader_number(reader, object, "expires_after_hours", 1, YEAR_HOURS) * G_TIME_SPAN_HOUR;
        aborted->keeps = kc_reader_texts(reader, object, "keeps");
        aborted->legal_basis = kc_reader_text(reader, object, "legal_basis");
        kc_reader_enter(reader, "keeps");
        for (gsize i = 0; aborted->keeps != NULL && aborted->keeps[i] != NULL; i++) {
            if (!g_strv_contains(KEEPABLE, aborted->keeps[i]))
                kc_reader_refuse(reader, "there is no '%s' to keep", aborted->keeps[i]);
        }
        kc_reader_leave(reader);
    }
    kc_reader_leave(reader);
}

void
kc_rules_read_consents(KcReader *reader, const json_t *root, KcRules *rules)
{
    static const char *const keys[] = {"about", "effective_from", "kind", "legal_basis", "consents", "aborted", NULL};
    gsize index;
    json_t *item;
    if (!kc_reader_object(reader, root, keys))
        return;
    kc_rules_read_list_head(reader, root);
    const json_t *items = kc_reader_member(reader, root, "consents", JSON_ARRAY);
    kc_reader_enter(reader, "consents");
    json_array_foreach(items, index, item)
    {
        kc_reader_enter_index(reader, index);
        read_consent(reader, item, rules);
        kc_reader_leave(reader);
    }
    for (guint kind = 0; kind < KC_CONSENT_KIND_COUNT; kind++)
        if (rules->consents[kind].title_zh == NULL)
            kc_reader_refuse(reader, "'%s' is missing", kc_consent_kind_to_string(kind));
    kc_reader_leave(reader);
    read_aborted(reader, root, &rules->aborted);
}

const KcConsentRule *
kc_rules_consent(const KcRules *rules, KcConsentKind kind)
{
    return &rules->consents[kind];
}

const KcAbortedRule *
kc_rules_aborted(const KcRules *rules)
{
    return &rules->aborted;
}
