#include "src/app/check.h"
#include "src/app/internal.h"
#include "src/app/check_vault.h"
#include "src/app/log_signer.h"
#include "src/app/verify_log.h"
#include "src/store/case_store.h"

typedef struct {
    const KcCheckOptions *options;
    KcCheckTotals *totals;
    KcKeyring *keyring;
    KcStore *store;
    char *vault_dir;
    KcCheckOptions counted; /* the caller's, with the findings counted on the way */
} Check;

/* ---- Findings ---- */

typedef struct {
    const char *case_id;
    char *number;
} Number;

static gboolean
read_number(KcTx *tx, gpointer data, GError **error)
{
    Number *self = data;
    return kc_case_store_number(tx, self->case_id, &self->number, error);
}

static void
on_found(const KcDamage *finding, gpointer user_data)
{
    Check *self = user_data;
    Number number = {finding->case_id, NULL};
    KcDamage named = *finding;
    self->totals->findings++;
    if (finding->case_id != NULL && kc_store_read(self->store, read_number, &number, NULL))
        named.case_number = number.number;
    self->options->found(&named, self->options->user_data);
    g_free(number.number);
}

static void
on_progress(const char *what, gint64 done, gint64 of, gpointer user_data)
{
    const Check *self = user_data;
    if (self->options->progress != NULL)
        self->options->progress(what, done, of, self->options->user_data);
}

/* ---- Log ---- */

static void
report_log(Check *self, const char *problem)
{
    if (problem != NULL)
        on_found(&(KcDamage){.kind = "log", .table = "audit_log", .chunk = -1, .text = problem}, self);
}

static gboolean
check_log(KcTx *tx, gpointer data, GError **error)
{
    Check *self = data;
    g_auto(KcLogVerdict) verdict = {0};
    gboolean done = kc_verify_log_tx(tx, NULL, &verdict, error);
    self->totals->entries = verdict.entries;
    self->totals->checkpoints = verdict.checkpoints;
    report_log(self, verdict.problem);
    return done;
}

static gboolean
check_held(KcTx *tx, gpointer data, GError **error)
{
    Check *self = data;
    for (const char *const *held = self->options->held; held != NULL && *held != NULL; held++) {
        g_auto(KcLogVerdict) verdict = {0};
        if (!kc_verify_held_tx(tx, *held, &verdict, error))
            return FALSE;
        report_log(self, verdict.problem);
    }
    return TRUE;
}

/* ---- Steps ---- */

/* What can't be read any more is damage too, and the next step may still find more. */
static void
report_unreadable(Check *self, const char *what, const GError *error)
{
    g_autofree char *text = g_strdup_printf("%s can't be checked to the end: %s", what, error->message);
    on_found(&(KcDamage){.kind = "unreadable", .chunk = -1, .text = text}, self);
}

static gboolean
settle(Check *self, const char *what, gboolean done, GError *local, GError **error)
{
    if (done)
        return TRUE;
    if (local->domain != KC_STORE_ERROR) {
        g_propagate_prefixed_error(error, local, "%s: ", what);
        return FALSE;
    }
    report_unreadable(self, what, local);
    g_error_free(local);
    return TRUE;
}

static gboolean
check_database(Check *self, GError **error)
{
    KcStoreCheck check = {.found = on_found, .user_data = self};
    const struct {
        const char *what;
        KcTxFn fn;
        gpointer data;
    } steps[] = {
        {"the schema", kc_check_schema, &check},      {"the database file", kc_check_file, &check},
        {"the log", check_log, self},                 {"the held checkpoint", check_held, self},
        {"the rows", kc_check_states, &check},        {"the sealed values", kc_check_sealed, &check},
        {"the sums of rows", kc_check_sums, &check},
        {"the documents", kc_check_documents, &check}, {"the safe of keys", kc_check_keys, &check},
        {"what cases are found by and reports count", kc_check_derived, &check},
    };
    for (guint i = 0; i < G_N_ELEMENTS(steps); i++) {
        GError *local = NULL;
        on_progress(steps[i].what, 0, 0, self);
        gboolean done = kc_store_read(self->store, steps[i].fn, steps[i].data, &local);
        if (!settle(self, steps[i].what, done, local, error))
            return FALSE;
    }
    self->totals->rows = check.count.rows;
    self->totals->cases = check.count.cases;
    self->totals->sealed = check.count.sealed;
    self->totals->documents = check.count.documents;
    self->totals->unbound = check.count.unbound;
    return TRUE;
}

static gboolean
check_signer(Check *self, GError **error)
{
    g_autofree char *problem = NULL;
    GError *local = NULL;
    gboolean done = kc_log_signer_check(self->store, self->options->data_dir, &problem, &local);
    if (problem != NULL)
        on_found(&(KcDamage){.kind = "key", .chunk = -1, .text = problem}, self);
    return settle(self, "the key that signs checkpoints", done, local, error);
}

static gboolean
check_files(Check *self, GError **error)
{
    GError *local = NULL;
    gboolean done = kc_check_vault(self->store, self->vault_dir, &self->counted, self->totals, &local);
    return settle(self, "the vault", done, local, error);
}

static gboolean
open_folder(Check *self, GError **error)
{
    const KcAppOptions keys = {.data_dir = self->options->data_dir, .master_key = self->options->master_key};
    g_autofree char *database = g_build_filename(self->options->data_dir, "kuaichu.db", NULL);
    self->vault_dir = g_build_filename(self->options->data_dir, "vault", NULL);
    self->keyring = kc_app_open_keyring(&keys, FALSE, error);
    self->store = self->keyring != NULL ? kc_store_open_for_check(database, self->keyring, error) : NULL;
    return self->store != NULL;
}

gboolean
kc_app_check_folder(const KcCheckOptions *options, KcCheckTotals *ret_totals, GError **error)
{
    Check self = {.options = options, .totals = ret_totals};
    *ret_totals = (KcCheckTotals){0};
    self.counted = (KcCheckOptions){.found = on_found, .progress = on_progress, .user_data = &self};
    GError *local = NULL;
    gboolean done = open_folder(&self, &local) && check_database(&self, &local) && check_signer(&self, &local) &&
                    check_files(&self, &local);
    if (g_error_matches(local, KC_STORE_ERROR, KC_STORE_ERROR_CORRUPT)) {
        report_unreadable(&self, "the database", local); /* not even its first page */
        g_clear_error(&local);
        done = TRUE;
    }
    if (local != NULL)
        g_propagate_error(error, local);
    kc_store_close(self.store);
    kc_keyring_free(self.keyring);
    g_free(self.vault_dir);
    return done;
}
