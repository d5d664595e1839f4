/* From files to KcRules: all of them or none.
 *
 * A file is read whole, parsed, and every value in it looked at: a key that is not known is refused, since a rule that
 * is silently ignored is worse than a service that does not start. */
#include "src/rules/lists.h"

#include "kc-rules-data.h"

#include <gio/gio.h>
#include <string.h>

#define MAX_FILE_BYTES (4 * 1024 * 1024)

G_DEFINE_QUARK(kc - rules - error - quark, kc_rules_error)

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
};

#define CALENDARS "calendars"

static GBytes *
read_bytes(const char *dir, const char *file, GError **error)
{
    g_autoptr(GError) cause = NULL;
    GBytes *bytes = NULL;

    if (dir == NULL) {
        g_autofree char *path = g_strconcat("/kuaichu/rules/", file, NULL);
        bytes = g_resource_lookup_data(kc_rules_data_get_resource(), path, G_RESOURCE_LOOKUP_FLAGS_NONE, &cause);
    } else {
        g_autofree char *path = g_build_filename(dir, file, NULL);
        char *data = NULL;
        gsize size = 0;
        if (g_file_get_contents(path, &data, &size, &cause))
            bytes = g_bytes_new_take(data, size);
    }
    if (bytes == NULL)
        g_set_error(error, KC_RULES_ERROR, KC_RULES_ERROR_READ, "%s: %s", file, cause->message);
    else if (g_bytes_get_size(bytes) > MAX_FILE_BYTES) {
        g_clear_pointer(&bytes, g_bytes_unref);
        g_set_error(error, KC_RULES_ERROR, KC_RULES_ERROR_READ, "%s: larger than %d bytes", file, MAX_FILE_BYTES);
    }
    return bytes;
}

static gboolean
load_file(const FileSpec *spec, const char *dir, KcRules *rules, GChecksum *version, GError **error)
{
    g_autoptr(KcReader) reader = kc_reader_new(spec->file);
    g_autoptr(GBytes) bytes = read_bytes(dir, spec->file, error);
    json_error_t syntax;
    gsize size;

    if (bytes == NULL)
        return FALSE;
    const guint8 *data = g_bytes_get_data(bytes, &size);
    g_autoptr(json_t) root = json_loadb((const char *)data, size, JSON_REJECT_DUPLICATES, &syntax);
    if (root == NULL) {
        g_set_error(error, KC_RULES_ERROR, KC_RULES_ERROR_SYNTAX, "%s:%d:%d: %s", spec->file, syntax.line,
                    syntax.column, syntax.text);
        return FALSE;
    }
    spec->read(reader, root, rules);
    if (reader->error != NULL) {
        g_propagate_error(error, g_steal_pointer(&reader->error));
        return FALSE;
    }
    /* The size parts the files from each other, so that no two sets of files have the same version by accident. */
    g_autofree char *head = g_strdup_printf("%s %" G_GSIZE_FORMAT "\n", spec->file, size);
    g_checksum_update(version, (const guint8 *)head, -1);
    g_checksum_update(version, data, (gssize)size);
    return TRUE;
}

static int
by_name(gconstpointer a, gconstpointer b)
{
    return strcmp(*(const char *const *)a, *(const char *const *)b);
}

/* Paths of the yearly files below `dir`, in the order of their names, so that the version doesn't hang on the disk. */
static GPtrArray *
calendar_files(const char *dir, GError **error)
{
    g_autoptr(GPtrArray) files = g_ptr_array_new_with_free_func(g_free);
    g_autofree char *path = dir != NULL ? g_build_filename(dir, CALENDARS, NULL) : NULL;
    g_autoptr(GDir) folder = dir != NULL ? g_dir_open(path, 0, NULL) : NULL;
    g_auto(GStrv) built_in =
        dir == NULL ? g_resource_enumerate_children(kc_rules_data_get_resource(), "/kuaichu/rules/" CALENDARS,
                                                    G_RESOURCE_LOOKUP_FLAGS_NONE, NULL)
                    : NULL;
    for (const char *name; folder != NULL && (name = g_dir_read_name(folder)) != NULL;)
        if (g_str_has_suffix(name, ".json"))
            g_ptr_array_add(files, g_strconcat(CALENDARS "/", name, NULL));
    for (guint i = 0; built_in != NULL && built_in[i] != NULL; i++)
        g_ptr_array_add(files, g_strconcat(CALENDARS "/", built_in[i], NULL));
    if (files->len == 0) {
        g_set_error_literal(error, KC_RULES_ERROR, KC_RULES_ERROR_READ, CALENDARS ": there is no year");
        return NULL;
    }
    g_ptr_array_sort(files, by_name);
    return g_steal_pointer(&files);
}

static gboolean
load_calendars(const char *dir, KcRules *rules, GChecksum *version, GError **error)
{
    g_autoptr(GPtrArray) files = calendar_files(dir, error);
    for (guint i = 0; files != NULL && i < files->len; i++) {
        const FileSpec spec = {files->pdata[i], kc_rules_read_calendar};
        if (!load_file(&spec, dir, rules, version, error))
            return FALSE;
    }
    return files != NULL;
}

KcRules *
kc_rules_load(const char *dir, gboolean demo, GError **error)
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
    rules->counties = g_ptr_array_new_with_free_func((GDestroyNotify)kc_county_free);
    rules->hospitals = g_ptr_array_new_with_free_func((GDestroyNotify)kc_hospital_free);
    rules->insurers = g_ptr_array_new_with_free_func((GDestroyNotify)kc_insurer_free);
    rules->deadlines = g_ptr_array_new_with_free_func((GDestroyNotify)kc_deadline_rule_free);
    rules->calendar = kc_calendar_new();
    rules->approval = g_ptr_array_new_with_free_func((GDestroyNotify)kc_approval_rule_free);
    rules->draft_texts = g_ptr_array_new_with_free_func((GDestroyNotify)kc_draft_text_free);
    for (guint i = 0; i < G_N_ELEMENTS(FILES); i++)
        if (!load_file(&FILES[i], dir, rules, version, error))
            return NULL;
    if (!load_calendars(dir, rules, version, error))
        return NULL;
    rules->version = g_strdup(g_checksum_get_string(version));
    return g_steal_pointer(&rules);
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
    g_ptr_array_unref(rules->counties);
    g_ptr_array_unref(rules->hospitals);
    g_free(rules->emergency_phone);
    g_ptr_array_unref(rules->insurers);
    g_ptr_array_unref(rules->deadlines);
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
