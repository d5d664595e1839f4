/* From files to KcRules: all of them or none.
 *
 * A file is parsed whole, and every value in it looked at: a key that is not known is refused, since a rule that
 * is silently ignored is worse than a service that does not start. */
#include "src/rules/lists.h"

#include <string.h>

/* ---- errors ---- */

typedef KcRulesProblem KcRulesErrorPrivate;

static void
kc_rules_error_private_init(KcRulesErrorPrivate *problem G_GNUC_UNUSED)
{
}

static void
kc_rules_error_private_copy(const KcRulesErrorPrivate *from, KcRulesErrorPrivate *to)
{
    *to = (KcRulesErrorPrivate){g_strdup(from->file), from->line, from->column, g_strdup(from->pointer),
                                g_strdup(from->reason)};
}

static void
kc_rules_error_private_clear(KcRulesErrorPrivate *problem)
{
    g_free(problem->file);
    g_free(problem->pointer);
    g_free(problem->reason);
}

G_DEFINE_EXTENDED_ERROR(KcRulesError, kc_rules_error)

KcRulesProblem *
kc_rules_problem(const GError *error)
{
    return kc_rules_error_get_private(error);
}

/* ---- files ---- */

typedef struct {
    const char *file;
    void (*read)(KcReader *reader, const json_t *root, KcRules *rules);
} FileSpec;

/* codes.json first: others refer to it. */
static const FileSpec FILES[] = {
    {"codes.json", kc_rules_read_codes},         {"eligibility.json", kc_rules_read_eligibility},
    {"scenarios.json", kc_rules_read_scenarios}, {"shots.json", kc_rules_read_shots},
    {"counties.json", kc_rules_read_counties},   {"insurers.json", kc_rules_read_insurers},
    {"documents.json", kc_rules_read_documents}, {"deadlines.json", kc_rules_read_deadlines},
    {"drafts.json", kc_rules_read_drafts},       {"approval.json", kc_rules_read_approval},
    {"hospitals.json", kc_rules_read_hospitals},
    {"desk.json", kc_rules_read_desk},
    {"settlement.json", kc_rules_read_settlement},
    {"consents.json", kc_rules_read_consents},
    {"retention.json", kc_rules_read_retention},
};

const char *
kc_rules_file_name(guint index)
{
    return index < G_N_ELEMENTS(FILES) ? FILES[index].file : NULL;
}

static gboolean
load_file(const FileSpec *spec, const KcRuleFiles *files, KcRules *rules, GChecksum *version, GError **error)
{
    g_autoptr(KcReader) reader = kc_reader_new(spec->file);
    GBytes *bytes = kc_rule_files_get(files, spec->file);
    gsize size;

    if (bytes == NULL) {
        g_set_error(error, KC_RULES_ERROR, KC_RULES_ERROR_READ, "%s: the file is missing", spec->file);
        return FALSE;
    }
    const guint8 *data = g_bytes_get_data(bytes, &size);
    g_autoptr(json_t) root = kc_reader_parse(spec->file, bytes, error);
    if (root == NULL)
        return FALSE;
    spec->read(reader, root, rules);
    if (reader->error != NULL)
        return kc_reader_propagate(reader, bytes, error);
    /* The size parts the files from each other, so that no two sets of files have the same version by accident. */
    g_autofree char *head = g_strdup_printf("%s %" G_GSIZE_FORMAT "\n", spec->file, size);
    g_checksum_update(version, (const guint8 *)head, -1);
    g_checksum_update(version, data, (gssize)size);
    return TRUE;
}

static gboolean
load_calendars(const KcRuleFiles *files, KcRules *rules, GChecksum *version, GError **error)
{
    guint years = 0;
    for (guint i = 0; i < kc_rule_files_count(files); i++) {
        const char *name = kc_rule_files_at(files, i)->name;
        const FileSpec spec = {name, kc_rules_read_calendar};
        if (!g_str_has_prefix(name, "calendars/"))
            continue;
        years++;
        if (!load_file(&spec, files, rules, version, error))
            return FALSE;
    }
    if (years == 0)
        g_set_error_literal(error, KC_RULES_ERROR, KC_RULES_ERROR_READ, "calendars: there is no year");
    return years > 0;
}

KcRules *
kc_rules_parse(const KcRuleFiles *files, gboolean demo, GError **error)
{
    g_autoptr(KcRules) rules = g_new0(KcRules, 1);
    g_autoptr(GChecksum) version = g_checksum_new(G_CHECKSUM_SHA256);

    rules->demo = demo;
    for (guint list = 0; list < KC_CODES_LIST_COUNT; list++)
        rules->codes[list] = g_ptr_array_new_with_free_func((GDestroyNotify)kc_code_free);
    rules->eligibility = g_ptr_array_new_with_free_func((GDestroyNotify)kc_eligibility_rule_free);
    rules->settlement = g_ptr_array_new_with_free_func((GDestroyNotify)kc_eligibility_rule_free);
    rules->scenarios = g_ptr_array_new_with_free_func((GDestroyNotify)kc_scenario_free);
    rules->shots = g_ptr_array_new_with_free_func((GDestroyNotify)kc_shot_free);
    rules->shot_reasons = g_ptr_array_new_with_free_func((GDestroyNotify)kc_shot_reason_free);
    rules->counties = g_ptr_array_new_with_free_func((GDestroyNotify)kc_county_free);
    rules->hospitals = g_ptr_array_new_with_free_func((GDestroyNotify)kc_hospital_free);
    rules->insurers = g_ptr_array_new_with_free_func((GDestroyNotify)kc_insurer_free);
    rules->deadlines = g_ptr_array_new_with_free_func((GDestroyNotify)kc_deadline_rule_free);
    rules->retention = g_ptr_array_new_with_free_func((GDestroyNotify)kc_retention_rule_free);
    rules->search_words = g_ptr_array_new_with_free_func((GDestroyNotify)kc_search_word_free);
    rules->calendar = kc_calendar_new();
    rules->approval = g_ptr_array_new_with_free_func((GDestroyNotify)kc_approval_rule_free);
    rules->draft_texts = g_ptr_array_new_with_free_func((GDestroyNotify)kc_draft_text_free);
    for (guint i = 0; i < G_N_ELEMENTS(FILES); i++)
        if (!load_file(&FILES[i], files, rules, version, error))
            return NULL;
    if (!load_calendars(files, rules, version, error))
        return NULL;
    rules->version = g_strdup(g_checksum_get_string(version));
    return g_steal_pointer(&rules);
}

KcRules *
kc_rules_load(const char *dir, gboolean demo, GError **error)
{
    g_autoptr(KcRuleFiles) files = kc_rule_files_read(dir, error);
    return files != NULL ? kc_rules_parse(files, demo, error) : NULL;
}

static void
free_agreement(KcAgreementWordingData *wording)
{
    g_free(wording->title);
    g_free(wording->basis);
    g_free(wording->liability_basis);
    for (guint way = 0; way < G_N_ELEMENTS(wording->compensation); way++)
        g_free(wording->compensation[way]);
    g_strfreev(wording->terms);
    g_free(wording->footer);
}

void
kc_rules_free(KcRules *rules)
{
    if (rules == NULL)
        return;
    for (guint list = 0; list < KC_CODES_LIST_COUNT; list++)
        g_ptr_array_unref(rules->codes[list]);
    g_ptr_array_unref(rules->eligibility);
    g_ptr_array_unref(rules->settlement);
    kc_eligibility_rule_free(rules->settlement_vehicles);
    g_ptr_array_unref(rules->scenarios);
    g_ptr_array_unref(rules->shots);
    g_ptr_array_unref(rules->shot_reasons);
    g_ptr_array_unref(rules->counties);
    g_ptr_array_unref(rules->hospitals);
    g_free(rules->emergency_phone);
    g_ptr_array_unref(rules->insurers);
    g_ptr_array_unref(rules->deadlines);
    g_ptr_array_unref(rules->retention);
    g_ptr_array_unref(rules->search_words);
    g_free(rules->key_destroyed_basis);
    kc_calendar_free(rules->calendar);
    g_ptr_array_unref(rules->draft_texts);
    g_ptr_array_unref(rules->approval);
    g_free(rules->version);
    g_free(rules->centre_zh);
    g_free(rules->centre_en);
    g_free(rules->determination.title);
    g_free(rules->determination.basis);
    g_free(rules->determination.liability_basis);
    g_free(rules->determination.mediated);
    g_free(rules->determination.not_mediated);
    g_strfreev(rules->determination.rights);
    g_free(rules->determination.footer);
    free_agreement(&rules->agreement);
    kc_rules_clear_review_wording(&rules->review);
    kc_rules_clear_consents(rules);
    g_free(rules);
}
